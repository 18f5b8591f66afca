"""A sweep in a few sentences: who is faster at which size, and what a step costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from paragone.measure.sweep.fit import POOR
from paragone.records import Growth, Line, Sweep, SweptPair
from paragone.report.phrases import Phrase, capitalised, linked
from paragone.report.samples.growth import growth_key, pair_key


def faster(sweep: Sweep) -> tuple[str, tuple[Phrase, ...]]:
    """Who is ahead at which size: a verdict, and a sentence for each pair."""
    if not sweep.pairs:
        return "Not measured", (("Fewer than two contenders were timed.",),)
    several = len({pair.track for pair in sweep.pairs}) > 1
    lines = tuple(told_pair(pair, several=several) for pair in sweep.pairs)
    if not sweep.trusted:
        return "Withheld", lines
    if any(pair.crossings for pair in sweep.pairs):
        return f"It depends on the {sweep.plan.called}", lines
    return _ahead_of_all(sweep), lines


def _ahead_of_all(sweep: Sweep) -> str:
    """The side that is never behind and ahead of every other somewhere, on the first track."""
    pairs = [pair for pair in sweep.pairs if pair.track == sweep.pairs[0].track]
    names = dict.fromkeys(name for pair in pairs for name in (pair.a, pair.b))
    verdicts = {(pair.a, pair.b): {one.ratio.verdict for one in pair.ratios} for pair in pairs}

    def leads(name: str) -> bool:
        mine = [("faster" if name == a else "slower", found) for (a, b), found in verdicts.items() if name in (a, b)]
        return all(wanted in found for wanted, found in mine)

    if not any(found & {"faster", "slower"} for found in verdicts.values()):
        return "Not told apart"
    return next(filter(leads, names), "No clear order")


def told_pair(pair: SweptPair, *, several: bool) -> Phrase:
    """Where which of the two is ahead; the track is named where there are several."""
    track = f" ({pair.track})" if several else ""
    sentence = capitalised(pair.sentence) if pair.crossings else pair.sentence  # otherwise it begins with a name
    return (*linked(sentence, pair_key(pair)), f"{track}.")


def grown(sweep: Sweep) -> tuple[str, Literal["none"], tuple[Phrase, ...]]:
    """What a step costs: a verdict, how it looks, and a sentence for each contender."""
    several = len({one.track for one in sweep.growth}) > 1
    lines = [one.line for one in sweep.growth]
    verdict = "Measured"
    if all(line is not None for line in lines):
        verdict = _straight([line for line in lines if line is not None])
    return verdict, "none", tuple(told_cost(one, several=several) for one in sweep.growth)


def _straight(lines: list[Line]) -> str:
    if any(line.bent for line in lines):
        return "Not along a line"
    return "Along a line" if all(line.misfit <= POOR for line in lines) else "Too noisy to tell"


def told_cost(one: Growth, *, several: bool) -> Phrase:
    """The line of a contender, or where there is none its times at both ends."""
    return (f"{name_of(one, several=several)}: ", *linked(_cost(one), growth_key(one)), ".")


def _cost(one: Growth) -> str:
    return one.line.sentence if one.line is not None else one.sentence


def told_growth(sweep: Sweep) -> Iterator[Phrase]:
    """Every contender's times at both ends, and its line."""
    several = len({one.track for one in sweep.growth}) > 1
    for one in sweep.growth:
        name, sheet = name_of(one, several=several), growth_key(one)
        line = f"; {one.line.sentence}" if one.line is not None else ""
        yield (f"{name} ", *linked(f"{one.sentence}{line}", sheet), ".")


def name_of(one: Growth, *, several: bool) -> str:
    """The side, with its track where there are several."""
    return f"{one.side}, {one.track}" if several else one.side
