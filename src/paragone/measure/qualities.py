"""How long a contender trains until it is good enough, over all its processes."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from paragone.measure.goal import Goal
from paragone.measure.sets import Contender, SetRecord
from paragone.measure.statistics import summarise
from paragone.records import Quality, Until, UntilGoal


def qualities(contender: Contender, sets: Sequence[SetRecord], asked: UntilGoal | None) -> Quality | None:
    """What its processes came to, second ones included; None where nothing was asked for, or it failed.

    The interval is over sets, one process each, as that of a step is.
    """
    mine = [one.contenders[contender.name].until for one in sets if contender.name in one.contenders]
    trained = [one for one in mine if one is not None]
    if asked is None or not trained or len(trained) < len(mine):
        return None
    twins = [one.twin.until for one in sets if one.twin is not None and one.twin_of == contender.name]
    return of_processes(trained, [one for one in twins if one is not None], Goal(**asked.model_dump()))


def of_processes(trained: Sequence[Until], twins: Sequence[Until], goal: Goal) -> Quality:
    """The same, from what every process came to.

    Args:
        trained: one process a set.
        twins: second processes.
        goal: what was good enough.
    """
    every = [*trained, *twins]
    reached = [one for one in every if one.reached]
    whole = len(reached) == len(every)
    epochs = [len(one.epoch_s) for one in reached]
    best = goal.best([value for one in every for value in one.values if value is not None])
    return Quality(
        processes=len(every),
        reached=len(reached),
        train_s=summarise([sum(one.epoch_s) for one in trained]) if whole else None,
        first_epoch_s=statistics.median(one.epoch_s[0] for one in every),
        evaluate_s=statistics.median(one.evaluate_s for one in every),
        epochs=(min(epochs), max(epochs)) if epochs else None,
        best=best if math.isfinite(best) else None,
    )
