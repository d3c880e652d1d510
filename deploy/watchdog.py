"""Asks the web process of this machine whether it answers and whether the system does its work.

    python deploy/watchdog.py       environment: HOST, PORT, METRICS_TOKEN

Ends with 0 when all is well, 1 when something does not do its work (each on a line), 2 when nobody answers. Standard
library only: it has to work when nothing else does.
"""

import json
import os
import sys
import urllib.error
import urllib.request

PATIENCE_SECONDS = 20
WELL, NOT_READY, NO_ANSWER = 0, 1, 2


def ask(path: str) -> tuple[int, str]:
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    shown = f"[{host}]" if ":" in host else host
    request = urllib.request.Request(f"http://{shown}:{port}{path}")
    if token := os.environ.get("METRICS_TOKEN"):
        request.add_header("Authorization", f"Bearer {token}")
    # No proxy of the environment stands between a machine and itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE_SECONDS) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")


def main() -> int:
    try:
        if (status := ask("/healthz")[0]) != 200:
            raise OSError(f"/healthz: {status}")
        status, body = ask("/readyz")
    except OSError as error:
        sys.stderr.write(f"웹 서버가 답하지 않습니다: {error}\n")
        return NO_ANSWER
    if status == 200:
        return WELL
    try:
        problems = json.loads(body)["problems"]
    except (ValueError, KeyError, TypeError):
        problems = {"readyz": body.strip()}
    for check, words in problems.items():
        sys.stderr.write(f"{check}: {words}\n")
    return NOT_READY


if __name__ == "__main__":
    sys.exit(main())
