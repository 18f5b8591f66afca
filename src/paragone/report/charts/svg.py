"""From matplotlib's SVG to one that fits in a page: small, themed by classes, with no style of its own.

The page forbids inline styles, so every style becomes a presentation attribute; and a colour becomes a class, whose
colour the page's own style gives for light, dark and paper.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_DECIMALS = re.compile(r"(\.\d)\d+")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_PAINT = ("fill", "stroke")
_KEPT = (
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "opacity",
    "fill-opacity",
    "stroke-opacity",
    "text-anchor",
)
_FONT_SIZE = re.compile(r"([\d.]+)px")
_COORDINATES = ("d", "transform", "x", "y", "width", "height", "points", "stroke-dasharray")

ElementTree.register_namespace("", _SVG)


def for_page(text: str, prefix: str, classes: dict[str, str], css_class: str, label: str) -> str:
    """Rewrite an SVG that matplotlib wrote.

    Args:
        text: the SVG.
        prefix: put before every id, so that it is unique in the page.
        classes: the class of each colour that was drawn with.
        css_class: the class of the whole picture.
        label: what a screen reader says.
    """
    root = ElementTree.fromstring(text)
    _drop(root, {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"})
    used = {found for element in root.iter() for found in _references(element)}
    for element in root.iter():
        _restyle(element, classes)
        _rename(element, prefix, used)
        for name in _COORDINATES:
            if name in element.attrib:
                element.set(name, " ".join(_DECIMALS.sub(r"\1", element.attrib[name]).split()))
    _drop_empty(root)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib |= {"class": css_class, "role": "img", "aria-label": label}
    return ElementTree.tostring(root, encoding="unicode")


def _drop(root: ElementTree.Element, tags: set[str]) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in tags:
                parent.remove(child)


def _drop_empty(root: ElementTree.Element) -> None:
    for parent in reversed(list(root.iter())):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}g", f"{{{_SVG}}}defs") and not len(child):
                parent.remove(child)


def _references(element: ElementTree.Element) -> list[str]:
    found = _REFERENCE.findall(element.get("clip-path", ""))
    href = element.get(_XLINK_HREF)
    return [*found, href[1:]] if href else found


def _rename(element: ElementTree.Element, prefix: str, used: set[str]) -> None:
    identity = element.attrib.pop("id", None)
    if identity in used:
        element.set("id", f"{prefix}-{identity}")
    href = element.attrib.pop(_XLINK_HREF, None)
    if href:
        element.set("href", f"#{prefix}-{href[1:]}")
    if "clip-path" in element.attrib:
        element.set("clip-path", _REFERENCE.sub(rf"url(#{prefix}-\1)", element.attrib["clip-path"]))


def _restyle(element: ElementTree.Element, classes: dict[str, str]) -> None:
    style = dict(_declarations(element.attrib.pop("style", "")))
    names = [name for paint in _PAINT if (name := _painted(element, paint, style.get(paint), classes))]
    if names:
        element.set("class", " ".join(names))
    for name in _KEPT:
        if name in style:
            element.set(name, style[name])
    size = _FONT_SIZE.search(style.get("font", style.get("font-size", "")))
    if size:
        element.set("font-size", size.group(1))


def _declarations(style: str) -> list[tuple[str, str]]:
    pairs = (declaration.partition(":") for declaration in style.split(";") if declaration.strip())
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _painted(element: ElementTree.Element, paint: str, value: str | None, classes: dict[str, str]) -> str:
    """The class that gives this paint its colour, or nothing where there is none."""
    if value is None:
        return ""
    if _COLOUR.fullmatch(value) and value in classes:
        return f"{paint[0]}-{classes[value]}"
    element.set(paint, value)
    return ""
