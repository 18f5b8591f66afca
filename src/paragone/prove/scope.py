"""What of a proof was asked for: which rungs, in which precisions, which of them decide, and what is weighed.

Light: the command line reads the names from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DType = Literal["float32", "float64"]
Climbed = Literal["forward", "loss", "gradients", "step", "trajectory", "rate-change", "outcome"]
RungName = Literal["structure", "initialisation", Climbed]

DTYPES: tuple[DType, DType] = ("float64", "float32")
RUNGS: tuple[Climbed, ...] = ("forward", "loss", "gradients", "step", "trajectory", "rate-change", "outcome")
"""The rungs that are climbed from common starting weights."""
ALL_RUNGS: tuple[RungName, ...] = ("structure", "initialisation", *RUNGS)
WARNS = "rate-change"
"""The rung that never decides: it is run where no side changes its learning rate, and asks what if one did (row E7)."""
NOT_ON: dict[str, tuple[Climbed, ...]] = {"loss": ("forward",), "optimizer": ("forward", "loss", "gradients")}
"""Where a trait of the training cannot show, unless a step of the side's own does both."""
_TRAINED = frozenset({"trajectory", "outcome"})
_NEED_GAUGE = frozenset({"gradients", "step", "trajectory", "rate-change"})


@dataclass(frozen=True)
class Scope:
    """The part of a proof that is done.

    Args:
        rungs: the rungs that are climbed; nothing is computed that only others need.
        dtypes: the precisions, the deciding one first.
        ignored: rungs that are reported but do not decide.
        worth: whether sides are trained over seeds, to say what they learn and what each cause is worth.
    """

    rungs: tuple[str, ...] = ALL_RUNGS
    dtypes: tuple[DType, ...] = DTYPES
    ignored: tuple[str, ...] = ()
    worth: bool = True

    @property
    def deciding(self) -> DType:
        """The precision that decides: float64 where it is climbed at all."""
        return "float64" if "float64" in self.dtypes else "float32"

    @property
    def climbed(self) -> tuple[Climbed, ...]:
        """The rungs that need common starting weights."""
        return tuple(name for name in RUNGS if name in self.rungs)

    @property
    def draws(self) -> bool:
        """Whether starting distributions are compared."""
        return "initialisation" in self.rungs

    @property
    def decides_by_start(self) -> bool:
        """Whether a difference of starting distributions counts, so that it has causes."""
        return self.draws and "initialisation" not in self.ignored

    @property
    def trains(self) -> bool:
        """Whether the sides are trained for all steps of the trajectory."""
        return bool(_TRAINED & set(self.rungs))

    @property
    def long(self) -> bool:
        """Whether sides are trained so often or so long that it must be known how long a step takes."""
        return self.trains or self.worth

    @property
    def needs_gradients(self) -> bool:
        """Whether gradients are computed: to compare them, or to know the parameters that have none."""
        return bool(_NEED_GAUGE & set(self.rungs))


WHOLE = Scope()
"""A whole proof."""


def dtypes_of(word: str) -> tuple[DType, ...]:
    """The precisions that a word of the command line means: `float64`, `float32` or `both`."""
    return DTYPES if word == "both" else tuple(dtype for dtype in DTYPES if dtype == word)
