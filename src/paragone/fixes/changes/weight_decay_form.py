"""Weight decay, decoupled or part of the gradient: in PyTorch AdamW or Adam."""

from __future__ import annotations

from typing import Any

from paragone.fixes.draft import UnfixableError, spelled_of
from paragone.fixes.side import SideCode
from paragone.spelling.code import literal

_OTHER = {True: ("Adam", "AdamW"), False: ("AdamW", "Adam")}


def change(side: SideCode, _where: str, _name: str, value: Any) -> None:
    """Replace the class, and say the decay, whose default is another one."""
    call = side.optimizer()
    old, new = _OTHER[bool(value)]
    if side.framework != "torch" or call.callee.name != old:
        raise UnfixableError("there is no class with the other form in this framework")
    spelled = spelled_of(call.node)
    if not spelled.endswith(old):
        raise UnfixableError(f"the file calls {old} by another name")
    owner = spelled.removesuffix(old)
    if not owner:
        line = f"from torch.optim import {new}"
        homes = (f"torch.optim.{new.lower()}.{new}",)
        new = side.draft.module(homes, new, line, side.source.statement(call.node))
    call.spelled = owner + new
    call.set(side.source, "weight_decay", literal(side.value("optimizer", "weight_decay")))


CHANGE = change
