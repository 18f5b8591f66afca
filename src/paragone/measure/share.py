"""What share of the best matrix product of this machine the training steps reach.

The yardstick is one for all contenders: the best product of two square matrices in float32 that any process of a set
came to, by its framework or by NumPy, at any of the sizes, with the threads of the run. Every set has its own, so that
a machine that becomes slower takes both along.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from paragone.measure.plan import Pace
from paragone.measure.quantities.step import step_s
from paragone.measure.sets import Contender, Course, Launch, Process, Runner, SetRecord
from paragone.measure.statistics import summarise
from paragone.records import ContenderSet, Product, Share, StepWork, Yardstick
from paragone.work import FLOPS_PER_PRODUCT, Work


class _Products(Course):
    """The processes of a set at their matrix products, one process after the other."""

    def __init__(self, launch: Launch, processes: dict[tuple[str, bool], Process], known: Work | None):
        super().__init__(Pace(), launch, ExitStack())
        self._processes = processes
        self._known = known
        self._found: dict[tuple[str, bool], StepWork] = {}

    def process(self, contender: Contender, *, twin: bool) -> Process:
        """The one whose steps were timed."""
        return self._processes[contender.name, twin]

    def start(self, runner: Runner) -> None:
        """All of it, and stop."""
        said = runner.process.call("time_products", count=self._known is None)
        runner.process.pause()
        work = self._known or Work(said["forward_flops"], str(said["unknown"]))
        self._found[runner.contender.name, runner.twin] = StepWork(
            flops=work.step_flops(runner.contender.spec.batch_size),
            unknown=work.unknown,
            products=tuple(Product(**one) for one in said["products"]),
            spent_s=float(said["spent_s"]),
        )

    def found(self) -> dict[tuple[str, bool], StepWork]:
        """What every process came to, of those contenders that did not fail."""
        return {key: one for key, one in self._found.items() if key[0] not in self.failed}


def products(
    places: list[tuple[Contender, bool]],
    processes: dict[tuple[str, bool], Process],
    *,
    known: Work | None,
    launch: Launch,
) -> tuple[dict[tuple[str, bool], StepWork], dict[str, str]]:
    """Time the matrix products of everybody, and count the work of a step where it is not known.

    Args:
        places: contenders, in the order in which they come, and whether it is the second process of one.
        processes: theirs.
        known: the work of the task; None where each side is looked at.
        launch: as of the set; nothing is launched.

    Returns:
        What was found, and who failed, with the reason.
    """
    course = _Products(launch, processes, known)
    course.start_all(places)
    return course.found(), course.failed


def yardstick(sets: Sequence[SetRecord]) -> Yardstick | None:
    """The best product of each set, over the sets; None where not every set has one."""
    best = [_best(one) for one in sets]
    known = [one for one in best if one is not None]
    if not known or len(known) < len(sets):
        return None
    by, size = statistics.mode((one.by, one.size) for one in known)
    return Yardstick(by=by, size=size, flops_per_s=summarise([rate(one) for one in known]))


def rate(one: Product) -> float:
    """Floating-point operations a second of a product of square matrices."""
    return FLOPS_PER_PRODUCT * float(one.size) ** 3 / one.best_s


def share(contender: Contender, sets: Sequence[SetRecord]) -> Share | None:
    """A contender's part of the yardstick, over the sets; None where not every set has both."""
    mine = [(one.contenders[contender.name], _best(one)) for one in sets if contender.name in one.contenders]
    pairs = [(one, best) for one, best in mine if one.work is not None and best is not None]
    if not pairs or len(pairs) < len(mine):
        return None
    work = pairs[0][0].work
    assert work is not None
    flops = work.flops
    if flops is None or not flops:
        return Share(
            step_flops=flops, unknown=work.unknown or "no layer with a matrix product", flops_per_s=None, share=None
        )
    achieved = [flops / step_s(one) for one, _ in pairs]
    shares = [found / rate(best) for found, (_, best) in zip(achieved, pairs, strict=True)]
    return Share(step_flops=flops, unknown="", flops_per_s=summarise(achieved), share=summarise(shares))


def _best(one: SetRecord) -> Product | None:
    return max(_products_of(one), key=rate, default=None)


def _products_of(one: SetRecord) -> Iterator[Product]:
    processes: list[ContenderSet] = [*one.contenders.values(), *((one.twin,) if one.twin else ())]
    for process in processes:
        yield from process.work.products if process.work is not None else ()
