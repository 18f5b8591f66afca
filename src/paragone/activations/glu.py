"""GLU, the gated linear unit: the first half of the last axis times the sigmoid of the second.

The same in keras.ops.glu (3.15), torch.nn.functional.glu (2.13) and jax.nn.glu (0.10), all over the last axis by
default. It halves the last axis, so it is a layer of its own and no `activation`: Keras' layers would report the shape
before it.
"""

from __future__ import annotations

from paragone.activations.base import called, over_channels
from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.entry import Entry, NoOptions, UnfitError, check_floating
from paragone.task.tensor import Tensor


def _output(_options: NoOptions, inputs: tuple[Tensor, ...]) -> Tensor:
    shape = inputs[0].shape
    check_floating(*inputs)
    if not shape or shape[-1] % 2:
        raise UnfitError("an input whose last axis can be halved", inputs[0].words())
    return Tensor((*shape[:-1], shape[-1] // 2))


LAYER = LayerKind(
    "glu",
    {
        "tensorflow": Spelling(write=called("ops.glu({0})")),
        "torch": Spelling(write=over_channels("F.glu")),
        "jax": Spelling(write=called("nnx.glu({0})")),
    },
    Entry(
        "a · sigmoid(b), where a and b are the halves of the last axis",
        NoOptions,
        _output,
        examples=({"shape": (6,)}, {"shape": (4, 5, 2)}),
    ),
)
