"""The parts of the ladder up to one step, in which suspects of the model are put back.

One after the other: most show on ordinary inputs, which costs little.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from paragone.prove.scope import NOT_ON, RUNGS, Climbed
from paragone.prove.traps import TRAPS
from paragone.records import Trait
from paragone.workers.probes import FORWARD

ONE_STEP: tuple[Climbed, ...] = RUNGS[:4]


@dataclass(frozen=True)
class Stage:
    """A part of the ladder up to one step.

    Args:
        rungs: what is climbed.
        left_out: inputs that are not tried.
        whole: everything is climbed, and what every layer gives is kept.
    """

    rungs: tuple[Climbed, ...] = ()
    left_out: tuple[str, ...] = ()
    whole: bool = False


WHOLE = Stage(whole=True)
_STAGES = (
    Stage(("forward",), tuple(case for case in FORWARD if case != "forward")),
    Stage(("forward",), ("forward",)),
    Stage(("loss", "gradients", "step")),
)


def stages_of(climbed: Collection[Climbed]) -> list[Stage]:
    """The stages of a proof that climbs these rungs."""
    narrow = (replace(stage, rungs=tuple(name for name in stage.rungs if name in climbed)) for stage in _STAGES)
    return [stage for stage in narrow if stage.rungs]


def cannot_show_on(trait: Trait) -> tuple[Climbed, ...]:
    """The rungs on which a trait cannot show, unless a step of the side's own does everything."""
    trap = TRAPS.get(trait.trap)
    return (*NOT_ON.get(trait.where, ()), *(trap.not_on if trap else ()))
