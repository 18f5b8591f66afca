"""Find the source of data that a text names."""

from __future__ import annotations

import difflib

from paragone.errors import InputError
from paragone.task.data.source import Source
from paragone.task.data.sources import sources


def find_source(text: str, where: str = "--data") -> Source:
    """The source that a text names; `where` it stands, for the error.

    Raises:
        InputError: there is none.
    """
    for source in sources():
        if source.accepts(text):
            return source
    names = [source.name for source in sources()]
    near = difflib.get_close_matches(text, names, n=1)
    raise no_source(
        "There is no such source of data.", text or "an empty text", f"did you mean {near[0]}?" if near else "", where
    )


def no_source(what: str, received: str, next_step: str = "", where: str = "--data") -> InputError:
    """The error that lists all sources."""
    known = "".join(f"\n    {source.name:<16} {source.summary}" for source in sources())
    return InputError(what, where=where, expected=f"one of{known}", received=received, next_step=next_step)
