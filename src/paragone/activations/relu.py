"""ReLU: max(x, 0).

The same in keras.activations.relu (3.15), torch.nn.functional.relu (2.13) and jax.nn.relu (0.10).
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, NoOptions, same_shape
from paragone.spelling.spelled import Spelled

LAYER = LayerKind(
    "relu",
    {
        "tensorflow": Spelling(write=lambda _: Spelled(construct("layers.ReLU"), argument='"relu"')),
        "torch": Spelling(write=lambda _: Spelled(call="F.relu({0})")),
        "jax": Spelling(write=lambda _: Spelled(call="nnx.relu({0})")),
    },
    Entry("max(x, 0)", NoOptions, same_shape, function=True, examples=({"shape": (7,)}, {"shape": (4, 5, 3)})),
)
