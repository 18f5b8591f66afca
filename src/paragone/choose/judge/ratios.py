"""Findings from timings: TensorFlow over PyTorch, with the interval of the timing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from paragone.choose.evidence import Evidence
from paragone.choose.judge.pairs import TENSORFLOW, TITLES, TORCH, Seen, asked, caveat, pairs, versions, where
from paragone.records import Interval, Ratio, Run, Side
from paragone.records.claim import Answer, ClaimEffect, Finding, How, Printed
from paragone.report.figures import number

NOUNS = {"step": "a training step", "peak memory": "the peak of memory", "cold start": "the start up to the first step"}
SECTIONS = {"step": "timing", "peak memory": "memory", "cold start": "phases"}
Rule = Callable[[float, float], Answer]
"""What an interval says of a claim."""


def near(share: float) -> Rule:
    """For, where the whole interval is within this share of 1, either way; against, where all of it is outside."""
    top = 1 + share

    def rule(low: float, high: float) -> Answer:
        if 1 / top <= low and high <= top:
            return "for"
        return "against" if low > top or high < 1 / top else "open"

    return rule


def above_one(low: float, high: float) -> Answer:
    """For, where all of the interval is above 1: TensorFlow certainly needs more; against, where it needs less."""
    return "for" if low > 1 else "against" if high < 1 else "open"


def below_one(low: float, high: float) -> Answer:
    """The other way round."""
    return above_one(1 / high, 1 / low)


def compared(evidence: Evidence, quantity: str, rule: Rule, *, proxy: bool = False) -> tuple[Finding, ...]:
    """A finding for each pair of sides on each track; a ratio that the timing withholds says nothing."""
    return asked(evidence, partial(_compared, quantity=quantity, rule=rule, proxy=proxy))


def _compared(one: Seen, quantity: str, rule: Rule, proxy: bool) -> Iterator[Finding]:
    ratios = one.run.timings.ratios if one.run.timings else ()
    for a, b in pairs(one.run):
        for place, ratio in enumerate(ratios):
            if ratio.quantity == quantity and {ratio.a, ratio.b} == {a.name, b.name} and ratio.verdict != "withheld":
                yield _finding(one, ratio, place, (a, b), rule, proxy)


def _finding(one: Seen, ratio: Ratio, place: int, sides: tuple[Side, Side], rule: Rule, proxy: bool) -> Finding:
    flipped = ratio.a != sides[0].name
    mid, low, high = (1 / x if flipped else x for x in (ratio.ratio, ratio.low, ratio.high))
    low, high = min(low, high), max(low, high)
    ends = ("ratio", "high", "low") if flipped else ("ratio", "low", "high")
    texts = [number(value, keep=True) for value in (mid, low, high)]
    noun, unlike = NOUNS[ratio.quantity], caveat(one.run, *(side.name for side in sides))
    return Finding(
        asks=f"{noun}: {TITLES[TENSORFLOW]} over {TITLES[TORCH]}",
        answer=rule(low, high),
        text=f"{noun} of {TITLES[TENSORFLOW]} is {texts[0]} ({texts[1]} to {texts[2]}) times that of {TITLES[TORCH]} "
        f"{where(one, ratio.track)}{unlike}",
        evidence=(one.id,),
        printed=tuple(
            Printed(text=text, evidence=one.id, places=(f"timings.ratios[{place}].{end}",), how=_how(flipped))
            for text, end in zip(texts, ends, strict=True)
        ),
        effect=_effect(f"{noun}, {TITLES[TENSORFLOW]} over {TITLES[TORCH]}", mid, low, high, ratio),
        section=SECTIONS[ratio.quantity],
        proxy=proxy,
        rests_on=versions(*sides),
    )


def _how(flipped: bool) -> How:
    return "inverse" if flipped else "value"


def _effect(what: str, mid: float, low: float, high: float, ratio: Ratio) -> ClaimEffect:
    interval = Interval(mid=mid, low=low, high=high, level=ratio.level, n=len(ratio.log_ratios))
    return ClaimEffect(what=what, unit="×", value=interval)


def tuned(evidence: Evidence, framework: str, rule: Rule, *, proxy: bool = False) -> tuple[Finding, ...]:
    """What the tuned track brings: its step over that of the idiomatic one, of the same side.

    The timing compares sides, not tracks; so the interval is the widest that the intervals of both steps allow.
    """
    return asked(evidence, partial(_tuned, framework=framework, rule=rule, proxy=proxy))


def _tuned(one: Seen, framework: str, rule: Rule, proxy: bool) -> Iterator[Finding]:
    run: Run = one.run
    for side in (side for side in run.sides if side.framework == side.backend == framework and side.status == "ok"):
        found = {
            timing.track: (place, timing.step_s)
            for place, timing in enumerate(run.timings.contenders if run.timings else ())
            if timing.side == side.name and timing.step_s is not None
        }
        if not {"tuned", "idiomatic"} <= found.keys():
            continue
        (at, fast), (beside, usual) = found["tuned"], found["idiomatic"]
        values = (fast.mid / usual.mid, fast.low / usual.high, fast.high / usual.low)
        texts = [number(value, keep=True) for value in values]
        ends = (("mid", "mid"), ("low", "high"), ("high", "low"))
        yield Finding(
            asks=f"what the tuned track brings {TITLES[framework]}",
            answer=rule(values[1], values[2]),
            text=f"a tuned step of {TITLES[framework]} takes {texts[0]} ({texts[1]} to {texts[2]}) times an idiomatic "
            f"one {where(one)}",
            evidence=(one.id,),
            printed=tuple(
                Printed(
                    text=text,
                    evidence=one.id,
                    places=(f"timings.contenders[{at}].step_s.{top}", f"timings.contenders[{beside}].step_s.{under}"),
                    how="divided",
                )
                for text, (top, under) in zip(texts, ends, strict=True)
            ),
            effect=ClaimEffect(
                what=f"a step of {TITLES[framework]}, tuned over idiomatic",
                unit="×",
                value=Interval(mid=values[0], low=values[1], high=values[2], level=fast.level, n=fast.n),
            ),
            section="timing",
            proxy=proxy,
            rests_on=versions(side),
        )
