"""What a written side reports after training: how each metric is called, and the variable of its number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from paragone.sides.write.naming import free_name
from paragone.task.check import CheckedTask


@dataclass(frozen=True)
class Reported:
    """One metric in a written side.

    Args:
        title: as the side prints it.
        variable: of the number.
        expression: in NumPy, of `{output}` and `{target}`.
        output: name of the output.
        target: name of the target.
    """

    title: str
    variable: str
    expression: str
    output: str
    target: str


def reported(task: CheckedTask) -> Iterator[Reported]:
    """The metrics of a task; the output is named where it is one of several, the target where that is not enough."""
    kinds = Counter(measure.kind.name for measure in task.metrics)
    pairs = Counter((measure.kind.name, measure.output) for measure in task.metrics)
    for measure in task.metrics:
        title = measure.kind.title
        if kinds[measure.kind.name] > 1:
            title += f" of {measure.output}"
        if pairs[measure.kind.name, measure.output] > 1:
            title += f" on {measure.target}"
        variable = free_name(title.replace(" ", "_"), task)
        yield Reported(title, variable, measure.kind.expression, measure.output, measure.target)
