"""What a browser sends of a form that nobody typed into: boxes that are ticked, texts as they stand, first choices."""

from html.parser import HTMLParser


class ShownForm(HTMLParser):
    """The fields of a page's one form with this address, as they stand, by name with all their values."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._action, self._inside = action, False
        self._area, self._select, self._options = "", "", list[tuple[str, bool]]()
        self.feed(page)
        assert self.fields, f"the page has no form for {action}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = said.get("action", "").endswith(self._action) and said.get("method") == "post"
        elif self._inside and tag == "input" and said.get("name"):
            self._input(said)
        elif self._inside and tag == "textarea":
            self._area = said["name"]
            self.fields.setdefault(self._area, []).append("")
        elif self._inside and tag == "select":
            self._select, self._options = said["name"], []
        elif self._inside and tag == "option" and self._select:
            self._options.append((said.get("value", ""), "selected" in said))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # the first line break after the tag is none of the text (HTML, 4.10.11), and the wire has CRLF
            text = self.fields[self._area][-1].removeprefix("\n")
            self.fields[self._area][-1] = text.replace("\n", "\r\n")
            self._area = ""
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [self._options[0][0]]
            self.fields.setdefault(self._select, []).append(chosen[-1])
            self._select = ""
        elif tag == "form":
            self._inside = False

    def _input(self, said: dict[str, str]) -> None:
        if said.get("type") in ("checkbox", "radio") and "checked" not in said:
            return
        self.fields.setdefault(said["name"], []).append(said.get("value", ""))
