"""The form of GELU: the argument `approximate`, wherever the file says GELU."""

from __future__ import annotations

from typing import Any

from paragone.fixes.draft import UnfixableError
from paragone.fixes.gelu import NAMES, gelu_written_out, mentions_of, wanted_form
from paragone.fixes.side import SideCode

_FORMS = {"torch": {True: '"tanh"', False: '"none"'}}


def change(side: SideCode, _where: str, _name: str, _value: Any) -> None:
    """Say the form in every call, and put a function that says it in the place of every other mention."""
    if ("gelu", "constants") in side.wanted:
        gelu_written_out(side)
        return
    value = wanted_form(side)
    form = _FORMS.get(side.framework, {}).get(value, str(value))
    calls = side.calls_of(lambda callee: callee.name in NAMES and callee.takes("approximate"))
    for node, callee in calls:
        side.draft.call(node, callee).set(side.source, "approximate", form)
    mentions = mentions_of(side, NAMES)
    for mention, text in mentions:
        side.draft.replace(mention, f"lambda x: {text}(x, approximate={form})")
    if not calls and not mentions:
        raise UnfixableError("no call in the file says GELU")


CHANGE = change
