"""What sides were timed in, where it is not float32."""

from __future__ import annotations

from collections.abc import Iterator

from paragone.measure.precision import FLOAT32
from paragone.records import Run
from paragone.report.phrases import Phrase


def precision_how(run: Run) -> Iterator[Phrase]:
    """The precision of the run, and what was done to each side for it."""
    name = run.task.precision
    if name == FLOAT32:
        yield ("The sides compute in float32.",)
        return
    yield (f"The sides compute in {name}, by each framework's own mixed precision; all figures are of that.",)
    for side in run.sides:
        if side.precision:
            yield (f"{side.name}: {side.precision}.",)
