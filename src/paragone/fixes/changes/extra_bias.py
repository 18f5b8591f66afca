"""A bias that one side has alone: the argument that leaves it out."""

from __future__ import annotations

from typing import Any

from paragone.fixes.draft import UnfixableError
from paragone.fixes.side import SideCode

_ARGUMENT = {"torch": "bias", "tensorflow": "use_bias", "jax": "use_bias"}


def change(side: SideCode, where: str, name: str, _value: Any) -> None:
    """Make the layer without its bias.

    Raises:
        UnfixableError: what is too much is something else, or the layer takes no such argument.
    """
    extra = next(trait.value for trait in side.subject.traits if (trait.where, trait.name) == (where, name))
    if extra != "bias":
        raise UnfixableError(f"{extra} of {where} is no bias that an argument leaves out")
    for call in side.layer(where):
        if not call.callee.takes(_ARGUMENT[side.framework]):
            raise UnfixableError(f"{call.callee.name} has no argument {_ARGUMENT[side.framework]}")
        call.set(side.source, _ARGUMENT[side.framework], "False")


CHANGE = change
