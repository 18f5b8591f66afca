"""How large the values and the weights of a task may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from paragone.errors import InputError
from paragone.spelling.entry import CanonicalWeight, UnfitError
from paragone.task.tensor import MAX_AXES, Tensor

MAX_NUMBERS = 2**28
"""In one value for one sample: 1 GiB in float32."""
MAX_WEIGHT = 2**31
"""In one weight: 8 GiB in float32."""


def check_inputs(inputs: Mapping[str, Tensor], where: str) -> None:
    """Refuse an input that would not fit into memory.

    Raises:
        InputError: one is too large.
    """
    for index, (name, tensor) in enumerate(inputs.items()):
        if tensor.size > MAX_NUMBERS:
            raise InputError(
                f"The input '{name}' is too large.",
                where=f"{where}[{index}].shape",
                expected=f"at most {MAX_NUMBERS:,} numbers for a sample",
                received=tensor.words(),
            )


def check_output(output: Tensor, taken: Sequence[Tensor]) -> None:
    """Refuse an output that is empty, has too many axes, or would not fit into memory.

    Raises:
        UnfitError: it is so.
    """
    if any(axis < 1 for axis in output.shape):
        raise UnfitError("an input that is large enough", taken[0].words())
    if len(output.shape) > MAX_AXES:
        raise UnfitError(f"an output with at most {MAX_AXES} axes", f"{len(output.shape)} axes")
    if output.size > MAX_NUMBERS:
        raise UnfitError(f"an output of at most {MAX_NUMBERS:,} numbers for a sample", output.words())


def check_weights(weights: Sequence[CanonicalWeight], name: str, where: str) -> None:
    """Refuse a weight that would not fit into memory.

    Raises:
        InputError: one is too large.
    """
    for weight in weights:
        if Tensor(weight.shape).size > MAX_WEIGHT:
            raise InputError(
                f"A weight of '{name}' is too large.",
                where=where,
                expected=f"at most {MAX_WEIGHT:,} numbers",
                received=f"{weight.role} {Tensor(weight.shape).words()}",
            )
