"""A participant's browser without JavaScript, over real sockets: reads forms, fills them in, follows redirects."""

from __future__ import annotations

import http.client
import urllib.parse
from collections.abc import Mapping
from html.parser import HTMLParser


class Form(HTMLParser):
    """The first form of a page that is sent by POST: its address, and what it would send as it stands."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, list[str]] = {}
        self.choices: dict[str, list[str]] = {}
        self._inside = self._done = False
        self._select = ""
        self._templates = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._templates += tag == "template"
        if self._templates:
            return
        if tag == "form" and found.get("method", "").lower() == "post" and not self._done:
            self._inside, self.action = True, found.get("action", "")
        if not self._inside:
            return
        name = found.get("name", "")
        if tag == "select":
            self._select = name
            self.fields.setdefault(name, [""])
        elif tag == "option" and self._select:
            self.choices.setdefault(self._select, []).append(found.get("value", ""))
        elif tag == "textarea":
            self.fields.setdefault(name, [""])
        elif tag == "input" and name:
            kind = found.get("type", "text")
            if kind in ("radio", "checkbox"):
                self.choices.setdefault(name, []).append(found.get("value", "on"))
                if "checked" in found:
                    self.fields.setdefault(name, []).append(found.get("value", "on"))
            elif kind != "submit":
                self.fields.setdefault(name, []).append(found.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if self._templates:
            self._templates -= tag == "template"
        elif tag == "form" and self._inside:
            self._inside, self._done = False, True
        elif tag == "select":
            self._select = ""


class Visitor:
    """One device. `headers` go with every request, as those of a browser and its network do."""

    def __init__(self, host: str, port: int, headers: Mapping[str, str] | None = None) -> None:
        self.host, self.port, self.headers = host, port, dict(headers or {})
        self.cookies: dict[str, str] = {}
        self.path = self.body = ""
        self.status = 0

    def get(self, path: str) -> str:
        """Open a page, following redirects."""
        return self._request("GET", path, None)

    def send(self, answers: Mapping[str, str | list[str]] | None = None) -> str:
        """Send the page's form with these fields changed, following redirects."""
        form = Form(self.body)
        fields = {
            **form.fields,
            **{name: value if isinstance(value, list) else [value] for name, value in (answers or {}).items()},
        }
        pairs = [(name, value) for name, values in fields.items() for value in values]
        action = urllib.parse.urljoin(self.path, form.action or self.path)
        return self._request("POST", action, urllib.parse.urlencode(pairs))

    def _request(self, method: str, path: str, body: str | None) -> str:
        for _ in range(10):
            headers = {"Host": f"{self.host}:{self.port}", **self.headers}
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            if body is not None:
                headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
            connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                self.body = answer.read().decode()
            finally:
                connection.close()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    pair, _, rest = value.partition(";")
                    key, _, cookie = pair.partition("=")
                    if "max-age=0" in rest.lower() or not cookie:
                        self.cookies.pop(key, None)
                    else:
                        self.cookies[key] = cookie
            self.status, self.path = answer.status, path
            if answer.status not in (301, 302, 303, 307):
                return self.body
            path = (
                urllib.parse.urlsplit(urllib.parse.urljoin(path, answer.getheader("Location", "")))
                ._replace(scheme="", netloc="")
                .geturl()
            )
            method, body = "GET", None
        raise AssertionError("redirected in a circle")
