"""A browser without a screen: it keeps cookies, follows redirects, and sends the forms that it was shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from tests.usecases.fake_accounts import PASSWORD
from tests.web.client import Client, Reply
from tests.web.console.shown_form import ShownForm

MOST_REDIRECTS = 5
HOST = "desk.example"


@dataclass
class Form:
    """A form of a page: where it goes, and what its fields hold before anybody types."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(said.get("action", "")))
        elif tag == "input" and self.found and said.get("type") not in ("checkbox", "submit"):
            if said.get("type") != "radio" or "checked" in said:
                self.found[-1].fields[said["name"]] = said.get("value", "")
        elif tag == "textarea" and self.found:
            self.found[-1].fields[said["name"]] = ""
        elif tag == "select" and self.found:
            self._select = said["name"]
            self.found[-1].fields[self._select] = ""
        elif tag == "option" and self.found and "selected" in said:
            self.found[-1].fields[self._select] = said.get("value", "")


class Browser:
    """Somebody's browser at the desk."""

    def __init__(self, stage: str = "", language: str = "en") -> None:
        self._client = Client(stage=stage)
        self._stage = stage
        self.cookies: dict[str, str] = {}
        self.language = language
        self.page = Reply(0, {}, "")
        self.address = ""

    def open(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Go to a page, wherever it leads."""
        return self._go("GET", path, None, headers or {})

    def form(self, action: str) -> Form:
        """Give the form of the page whose address ends like this."""
        parser = _Forms()
        parser.feed(self.page.body)
        return next(form for form in parser.found if form.action.partition("?")[0].endswith(action))

    def send(self, action: str, headers: Mapping[str, str] | None = None, /, **typed: str | list[str]) -> Reply:
        """Send a form of the page with what was typed."""
        form = self.form(action)
        return self.post(form.action.removeprefix(self._stage), {**form.fields, **typed}, headers)

    def press(self, action: str, button: str, /, **typed: str | list[str]) -> Reply:
        """Press a button of the form with this address, everything else as it stands but for what was typed."""
        shown = ShownForm(self.page.body, action)
        sent: dict[str, str | list[str]] = {**shown.fields, **typed, "do": button}
        return self.post(action, sent)

    def post(self, path: str, fields: Mapping[str, str | list[str]], headers: Mapping[str, str] | None = None) -> Reply:
        """Send fields to an address."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._go("POST", path, urlencode(fields, doseq=True).encode(), {**kind, **(headers or {})})

    def post_raw(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send anything to an address, as a script does."""
        return self._go("POST", path, body, headers)

    def sign_in(self, email: str, password: str = PASSWORD) -> Reply:
        """Sign in by the form."""
        self.open("/console/sign-in")
        return self.send("/console/sign-in", email=email, password=password)

    def _go(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        for _ in range(MOST_REDIRECTS):
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            said = {
                "Host": HOST,
                "Accept-Language": self.language,
                **({"Cookie": cookies} if cookies else {}),
                **headers,
            }
            self.page, self.address = self._client.send(method, path, body, said), path
            self._keep(self.page)
            if self.page.status not in (302, 303):
                return self.page
            method, path, body, headers = "GET", self._location(), None, {}
        raise AssertionError("the redirects never end")

    def _location(self) -> str:
        found = {name.lower(): value for name, value in self.page.headers.items()}["location"]
        assert found.startswith(self._stage), f"{found} leaves the stage"
        return found.removeprefix(self._stage)

    def _keep(self, reply: Reply) -> None:
        said = {name.lower(): value for name, value in reply.headers.items()}.get("set-cookie", "")
        pair, _, attributes = said.partition(";")
        name, _, value = pair.partition("=")
        if "Max-Age=0" in attributes:
            self.cookies.pop(name, None)
        elif name:
            self.cookies[name] = value
