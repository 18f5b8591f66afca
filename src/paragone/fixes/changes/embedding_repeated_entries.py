"""The gradients of entries that repeat in a batch, in Keras: a subclass of the embedding whose gradient is dense."""

from __future__ import annotations

from typing import Any

from paragone.fixes.draft import UnfixableError, spelled_of
from paragone.fixes.side import SideCode
from paragone.layers.embedding import DENSE, SUMMED


def change(side: SideCode, where: str, _name: str, value: Any) -> None:
    """Replace the class by a subclass of it."""
    if side.framework != "tensorflow" or value != SUMMED:
        raise UnfixableError("there is no short form of it in this framework")
    for call in side.layer(where):
        statement = side.source.statement(call.node)
        side.draft.module(("keras.ops", "keras._tf_keras.keras.ops"), "ops", "from keras import ops", statement)
        text = DENSE.source.replace("(layers.Embedding)", f"({spelled_of(call.node)})")
        call.spelled = side.draft.helper(DENSE.name, text, statement)


CHANGE = change
