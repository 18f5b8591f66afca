"""Text from files made fit to be shown, and names made fit to be an anchor.

A record holds names, code and messages that came from somebody's files. Before anything else is done with a record, its
texts are cleaned here once; escaping is left to where they are written (the templates, the terminal).
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from typing import Any

from paragone.records import Run

_NEWLINES = re.compile(r"\r\n?")
_SYMBOLS_FOR_CONTROLS = 0x2400
_DELETE, _SYMBOL_FOR_DELETE = "\x7f", "\u2421"
_REPLACEMENT = "\ufffd"


def clean(text: str) -> str:
    """A text whose invisible characters are visible: no terminal escapes, no reversed writing, no broken surrogates."""
    return "".join(map(_visible, _NEWLINES.sub("\n", text)))


def _visible(character: str) -> str:
    if character in "\n\t":
        return character
    if character < " ":
        return chr(_SYMBOLS_FOR_CONTROLS + ord(character))
    if character == _DELETE:
        return _SYMBOL_FOR_DELETE
    kind = unicodedata.category(character)
    if character.isprintable() or kind == "Zs":
        return character
    return _REPLACEMENT if kind == "Cs" else f"<U+{ord(character):04X}>"


def cleaned(run: Run) -> Run:
    """The same record with every text cleaned."""
    return Run.model_validate(_cleaned(run.model_dump(by_alias=True)))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_cleaned(one) for one in value)
    return value


def anchor(*parts: object) -> str:
    """An id that is safe in a page, the same for the same parts and another for others."""
    return "-".join(_slug(str(part)) for part in parts)


def _slug(part: str) -> str:
    slug = re.sub(r"[^a-z0-9_]+", "-", part.lower()).strip("-")[:40]
    return slug if slug == part else f"{slug or 'x'}-{zlib.crc32(part.encode()):08x}"


def shortened(text: str, width: int) -> str:
    """A text cut to a width, with an ellipsis where it was cut."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= width else one_line[: width - 1].rstrip() + "…"
