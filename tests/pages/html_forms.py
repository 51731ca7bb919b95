"""The forms of a page as a browser would send them: read from its HTML, so that no field is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXT = frozenset({"text", "number", "date", "datetime-local", "time", "tel", "email", "search", "password", "textarea"})


@dataclass
class Field:
    name: str
    kind: str  # the input's type, or "textarea", "select"
    values: list[str] = field(default_factory=list)  # what is chosen or typed on the page as it came
    allowed: list[str] = field(default_factory=list)  # of radios, boxes and lists

    @property
    def is_typed(self) -> bool:
        return self.kind in TEXT


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)  # name and value of each button that sends

    def sent(self) -> dict[str, list[str]]:
        """What an untouched form sends, without its button."""
        return {one.name: list(one.values) for one in self.fields.values() if one.values}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside: Form | None = None
        self.box: Field | None = None  # the open textarea or select

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.inside)
        elif self.inside is not None and "disabled" not in given:
            self._within(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag in ("textarea", "select"):
            if self.box is not None and tag == "select" and not self.box.values:
                self.box.values = self.box.allowed[:1]
            self.box = None

    def handle_data(self, data: str) -> None:
        if self.box is not None and self.box.kind == "textarea":
            self.box.values = ["".join([*self.box.values, data])]

    def _within(self, tag: str, given: dict[str, str]) -> None:
        assert self.inside is not None
        name = given.get("name", "")
        if tag == "button":
            self.inside.buttons.append((name, given.get("value", "")))
        elif tag == "option" and self.box is not None:
            self.box.allowed.append(given.get("value", ""))
            if "selected" in given:
                self.box.values = [given.get("value", "")]
        elif tag in ("input", "textarea", "select") and name:
            kind = given.get("type", "text") if tag == "input" else tag
            self._box(self.inside.fields.setdefault(name, Field(name, kind)), given, tag)

    def _box(self, found: Field, given: dict[str, str], tag: str) -> None:
        if tag != "input":
            self.box = found
        elif found.kind in ("radio", "checkbox"):
            found.allowed.append(given.get("value", "on"))
            if "checked" in given:
                found.values.append(given.get("value", "on"))
        else:
            found.values = [given.get("value", "")]


def forms_of(page: str) -> Iterator[Form]:
    """The forms that write: those sent by POST."""
    reader = _Reader()
    reader.feed(page)
    return (one for one in reader.forms if one.method == "post")
