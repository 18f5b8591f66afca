"""Gradients that are added up over several batches: an argument in Keras, a transformation around others in Optax."""

from __future__ import annotations

from typing import Any

from paragone.fixes.draft import UnfixableError
from paragone.fixes.side import SideCode
from paragone.frameworks.accumulating import EACH, Rhythm


def change(side: SideCode, _where: str, _name: str, value: Any) -> None:
    """Give Keras' argument, or take `optax.MultiSteps` away from around what it is given."""
    if side.framework == "tensorflow":
        batches = None if value == EACH else Rhythm.understood(str(value)).batches
        side.optimizer().set(side.source, "gradient_accumulation_steps", repr(batches))
        return
    calls = [node for node, _ in side.calls_of(lambda callee: callee.name == "MultiSteps") if node.args]
    if side.framework != "jax" or value != EACH or len(calls) != 1:
        raise UnfixableError("what adds the gradients up is no argument here")
    first, last = side.source.span(calls[0])
    if side.source.text[last : last + 1] == ".":
        raise UnfixableError("a method of optax.MultiSteps is called")
    side.draft.edit(first, last, side.source.segment(calls[0].args[0]))


CHANGE = change
