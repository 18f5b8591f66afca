"""Last step: of a sequence, the values of the last step, or of the last one where a mask is True.

Where the mask is True nowhere it is the last step of all. A bidirectional layer that is asked for its last outputs
itself is not this: its backward half ends at the first step (row H5).
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.entry import Entry, NoOptions, UnfitError
from paragone.spelling.recurrent import check_mask
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Spelled
from paragone.task.tensor import Tensor


def _output(_options: NoOptions, inputs: tuple[Tensor, ...]) -> Tensor:
    if len(inputs[0].shape) != 2 or inputs[0].kind != "float":
        raise UnfitError("a sequence (time, feature) of floating numbers", inputs[0].words())
    for mask in inputs[1:]:
        check_mask(mask, inputs[0].shape[0])
    return Tensor(inputs[0].shape[1:])


_NOTE = Note("H6", "the last step of a sequence that is padded is padding")
_KERAS = Helper(
    "last_valid_step",
    '''
def last_valid_step(x, mask):
    """The values of the last step where the mask is True."""
    last = x.shape[1] - 1 - ops.argmax(ops.cast(ops.flip(mask, axis=1), "int32"), axis=1)
    return ops.take_along_axis(x, last[:, None, None], axis=1)[:, 0]
''',
    _NOTE,
    ("from keras import ops",),
)
_TORCH = Helper(
    "last_valid_step",
    '''
def last_valid_step(x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The values of the last step where the mask is True."""
    last = x.shape[1] - 1 - mask.flip(1).int().argmax(1)
    return x[torch.arange(len(x), device=x.device), last]
''',
    _NOTE,
)
_JAX = Helper(
    "last_valid_step",
    '''
def last_valid_step(x: jax.Array, mask: jax.Array) -> jax.Array:
    """The values of the last step where the mask is True."""
    last = x.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)
    return x[jnp.arange(len(x)), last]
''',
    _NOTE,
)


def _spelled(site: Site, helper: Helper) -> Spelled:
    if len(site.inputs) == 1:
        return Spelled(call="{0}[:, -1]", layout="last")
    return Spelled(call=f"{helper.name}({{0}}, {{1}})", layout="last", helpers=(helper,))


LAYER = LayerKind(
    "last_step",
    {
        "tensorflow": Spelling(write=lambda site: _spelled(site, _KERAS)),
        "torch": Spelling(write=lambda site: _spelled(site, _TORCH)),
        "jax": Spelling(write=lambda site: _spelled(site, _JAX)),
    },
    Entry(
        "x[last step], or x[last step where the mask is True]",
        NoOptions,
        _output,
        n_inputs=(1, 2),
        rows=("H5", "H6"),
        examples=({"shape": (4, 3)}, {"shapes": ((5, 2), (5,)), "kinds": ("float", "bool")}),
    ),
)
