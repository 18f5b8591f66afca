"""TensorFlow's gelu and leaky_relu, whose constants are float32: the function written out."""

from __future__ import annotations

from typing import Any

from paragone.activations.leaky_relu import KERAS
from paragone.fixes.draft import UnfixableError, spelled_of
from paragone.fixes.gelu import OPS, gelu_written_out, mentions_of
from paragone.fixes.side import SideCode


def change(side: SideCode, where: str, _name: str, _value: Any) -> None:
    """Bring the function into the file, and use it in the place of the framework's own."""
    if where == "gelu":
        gelu_written_out(side)
    elif where == "leaky_relu":
        _leaky_relu(side)
    else:
        raise UnfixableError(f"the constants of {where} are the framework's own: write the function out")


def _leaky_relu(side: SideCode) -> None:
    calls = side.calls_of(lambda callee: callee.name == "LeakyReLU" and callee.home.split(".")[0] == "keras")
    if not calls or mentions_of(side, frozenset({"leaky_relu"})):
        raise UnfixableError("leaky_relu is said in another way than by keras.layers.LeakyReLU(…)")
    for node, callee in calls:
        call, statement = side.draft.call(node, callee), side.source.statement(node)
        side.draft.module(OPS, "ops", "from keras import ops", statement)
        text = KERAS.source.replace("(layers.LeakyReLU)", f"({spelled_of(node)})")
        call.spelled = side.draft.helper("FloatLeakyReLU", text.replace(KERAS.name, "FloatLeakyReLU", 1), statement)


CHANGE = change
