"""People at the counter and at the desk, as browsers that a benchmark moves: cookies, forms, redirects."""

import http.client
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
REDIRECTS = (301, 302, 303)
SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """`status` 0: nothing came back within a minute; `text` then says why."""

    status: int
    text: str
    location: str
    seconds: float

    @property
    def token(self) -> str:
        found = TOKEN.search(self.text)
        return unescape(found[1]) if found else ""

    def value_of(self, name: str) -> str:
        """The value of a field of the page's form."""
        tag = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', self.text)
        value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
        return unescape(value[1]) if value else ""


@dataclass
class Visitor:
    """One browser. `address` is what the front server says of it, where it is trusted (`TRUSTED_PROXY`)."""

    port: int
    address: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Answer:
        return self._ask("POST", path, urlencode(fields, doseq=True))

    def log_in(self, name: str, password: str) -> Answer:
        page = self.get("/portal/login/")
        return self.post(
            "/portal/login/",
            {"csrfmiddlewaretoken": page.token, "username": name, "password": password, "next": "/portal/"},
        )

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Host": "localhost", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if self.address:
            headers |= {"X-Forwarded-For": self.address, "X-Forwarded-Proto": "http"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        began = time.monotonic()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, f"{type(error).__name__}: {error}", "", time.monotonic() - began)
        finally:
            connection.close()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(response.status, text, response.getheader("Location", ""), time.monotonic() - began)


def fields_of(text: str, holds: str) -> dict[str, list[str]]:
    """What a browser would send of the page's form that has a field of this name."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup(text, "html.parser")
    field_ = page.find(attrs={"name": holds})
    form = field_.find_parent("form") if field_ is not None else None
    found: dict[str, list[str]] = {}
    for tag in form.find_all(["input", "select", "textarea"]) if form is not None else []:
        if not tag.get("name") or tag.has_attr("disabled"):
            continue
        if tag.name == "select":
            values = [option.get("value", "") for option in tag.find_all("option", selected=True)]
        elif tag.name == "textarea":
            values = [tag.get_text().removeprefix("\n")]
        elif tag.get("type") in ("checkbox", "radio"):
            values = [tag.get("value", "on")] if tag.has_attr("checked") else []
        elif tag.get("type") in ("submit", "button", "file"):
            values = []
        else:
            values = [tag.get("value", "")]
        if values:
            found.setdefault(tag["name"], []).extend(values)
    return found
