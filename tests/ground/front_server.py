"""The TLS server in front, as far as the application sees it: it writes the headers that the documents ask for.

The client's own address is what a test says it is; what the client itself wrote into X-Forwarded-For stays to the left,
as nginx' `$proxy_add_x_forwarded_for` leaves it.
"""

import http.client
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
# How a test names the address that the proxy sees; a real one reads it from the connection.
SEEN_ADDRESS = "X-Test-Client"


class Front(BaseHTTPRequestHandler):
    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in HOP | {SEEN_ADDRESS.lower()}
        }
        said = [headers.pop("X-Forwarded-For", ""), self.headers.get(SEEN_ADDRESS, "192.0.2.1")]
        headers["X-Forwarded-For"] = ", ".join(part for part in said if part)
        headers["X-Forwarded-Proto"] = "https"
        headers["Host"] = self.server.host
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=60)
        upstream.request(self.command, self.path, body or None, headers)
        answer = upstream.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        upstream.close()

    do_GET = do_POST = do_HEAD = forward

    def log_message(self, *arguments):
        pass


@contextmanager
def front_server(upstream, host):
    """The port of a proxy before the port `upstream`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    server.upstream, server.host = upstream, host
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
