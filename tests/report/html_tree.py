"""A small tree of a page, to ask questions of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def elements(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.elements()

    def texts(self) -> Iterator[tuple[Element, str]]:
        """Every piece of text with the element that it stands in."""
        for child in self.children:
            if isinstance(child, Element):
                yield from child.texts()
            else:
                yield self, child

    def text(self) -> str:
        return " ".join("".join(text for _, text in self.texts()).split())

    def ancestors(self) -> Iterator[Element]:
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def find(self, **wanted: str) -> Element:
        return next(self.find_all(**wanted))

    def find_all(self, **wanted: str) -> Iterator[Element]:
        for element in self.elements():
            if all(element.tag == value if name == "tag" else element.attributes.get(name) == value
                   for name, value in wanted.items()):  # fmt: skip
                yield element


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self.open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def parse(page: str) -> Element:
    """The tree of a page; a tag that is not closed in its place is an error."""
    builder = _Builder()
    builder.feed(page)
    builder.close()
    assert builder.open is builder.root, f"<{builder.open.tag}> is never closed"
    return builder.root


def run_scripts(tree: Element) -> list[Element]:
    """The scripts that a browser runs; what a page holds as data is none."""
    return [one for one in tree.find_all(tag="script") if one.attributes.get("type") != "application/json"]
