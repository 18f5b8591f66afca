"""The running variance of PyTorch's batch normalisation: a subclass that keeps the biased one."""

from __future__ import annotations

from typing import Any

from paragone.fixes.draft import UnfixableError, spelled_of
from paragone.fixes.side import SideCode
from paragone.layers.batch_norm import biased_variance


def change(side: SideCode, where: str, _name: str, value: Any) -> None:
    """Replace the class by a subclass of it."""
    if side.framework != "torch" or value != "biased":
        raise UnfixableError("there is no short form of it in this framework")
    for call in side.layer(where):
        statement = side.source.statement(call.node)
        native = call.callee.name
        helper = biased_variance(native)
        side.draft.module(("torch",), "torch", "import torch", statement)
        text = helper.source.replace(f"(nn.{native})", f"({spelled_of(call.node)})")
        call.spelled = side.draft.helper(helper.name, text, statement)


CHANGE = change
