"""The causes, one card each, and the differences that are none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import urlsplit

from paragone.records import Effect, Explains, Gauge, Interval, Pair, Run
from paragone.report.figures import count, number, signed, spread, times
from paragone.report.phrases import Figure, Phrase, capitalised, joined, linked, listed
from paragone.report.samples.proof import GAUGES, cause_key
from paragone.report.verdicts import CauseGroup, grouped_causes


@dataclass(frozen=True)
class FixView:
    """The line to change; `href` leads to it in the listing where the page shows it."""

    where: str
    href: str
    text: str
    replacement: str


@dataclass(frozen=True)
class CauseView:
    """One card."""

    id: str
    number: int
    title: str
    row: str
    trap: str
    values: tuple[tuple[str, str], ...]
    places: str
    explains: tuple[Phrase, ...]
    worth: tuple[Phrase, ...]
    fixes: tuple[FixView, ...]
    source: str
    source_href: str


@dataclass(frozen=True)
class GaugeView:
    """A difference of form that is none of meaning."""

    name: str
    text: str
    why: str
    evidence: Phrase


@dataclass(frozen=True)
class CausesView:
    """The section."""

    causes: tuple[CauseView, ...]
    gauges: tuple[GaugeView, ...]
    absent: str


def causes_view(run: Run) -> CausesView:
    """All cards; where there is none, the reason."""
    if run.proof is None:
        return CausesView((), (), "Without a proof there is no cause to show.")
    groups = grouped_causes(run.proof)
    lines = {side.name: (place, side.code.count("\n") + 1) for place, side in enumerate(run.sides)}
    cards = tuple(_card(number, group, lines) for number, group in enumerate(groups, start=1))
    absent = "" if cards else "The sides do not differ." if run.proof.verdict == "same" else "No cause was found."
    return CausesView(cards, tuple(map(_gauge, run.proof.gauges)), absent)


def _card(number_: int, group: CauseGroup, lines: dict[str, tuple[int, int]]) -> CauseView:
    cause = group.first
    sources = [one.source for _, one in group.found if one.source]
    source = sources[0] if sources else ""
    return CauseView(
        id=f"cause-{number_}",
        number=number_,
        title=capitalised(cause.title),
        row=cause.row or "",
        trap=cause.trap,
        values=tuple((value, listed(sides)) for value, sides in group.values().items()),
        places="; ".join(dict.fromkeys(f"{one.side}: {one.where}" for _, one in group.found if one.where)),
        explains=_explains(group),
        worth=_worth(group),
        fixes=tuple(_fixes(group, lines)),
        source=source,
        source_href=source if is_web(source) else "",
    )


def is_web(address: str) -> bool:
    """Whether a text is a plain web address, and nothing that runs."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not set(address) & set(" \n\t<>\"'")


def _explains(group: CauseGroup) -> tuple[Phrase, ...]:
    """What goes when the cause goes; pairs in which it is the same are told once."""
    told: dict[Phrase, list[str]] = {}
    for pair, cause in group.found:
        told.setdefault(_explained(cause.explains, cause_key(group.trap)), []).append(_pair(pair))
    return _by_pair(told)


def _explained(explains: Explains, sheet: str) -> Phrase:
    present, removed = (Figure(number(value), sheet) for value in (explains.present, explains.removed))
    start: Phrase = (f"{explains.rung} ({explains.dtype}): ", present, " apart with it, ", removed, " without it")
    gone = explains.removed == 0 or not math.isfinite(explains.present / explains.removed)
    return start if gone else (*start, ", ", Figure(times(explains.factor), sheet), " less")


def _by_pair(told: dict[Phrase, list[str]]) -> tuple[Phrase, ...]:
    if len(told) == 1:
        return tuple(told)
    return tuple((f"{listed(pairs)}: ", *phrase) for phrase, pairs in told.items())


def _pair(pair: Pair) -> str:
    return f"{pair.a} with {pair.b}"


def _worth(group: CauseGroup) -> tuple[Phrase, ...]:
    """What the cause is worth; pairs in which it is worth the same are told once."""
    told: dict[Phrase, list[str]] = {}
    for pair, cause in group.found:
        if cause.effect:
            told.setdefault(_effect(cause.effect, cause_key(group.trap)), []).append(_pair(pair))
    return _by_pair(told)


def _effect(effect: Effect, sheet: str) -> Phrase:
    parts: list[Phrase] = []
    if effect.parameters_rel is not None:
        parts.append(("the weights end ", Figure(number(effect.parameters_rel), sheet), " apart"))
    if effect.accuracy is not None:
        parts.append(("accuracy moves by ", *_change(effect.accuracy, sheet, 100.0, " points")))
    if effect.loss is not None:
        parts.append(("test loss moves by ", *_change(effect.loss, sheet, 1.0, "")))
    if effect.loss is None and effect.accuracy is None and effect.text:
        return linked(effect.text, sheet)
    over = f", over {count(effect.seeds, 'seed')}" if effect.seeds else ""
    return (*joined(parts, "; "), f" (after {effect.steps:,} steps{over})")


def _change(interval: Interval, sheet: str, scale: float, unit: str) -> Phrase:
    middle, low, high = spread(interval.mid, interval.low, interval.high, scale)
    middle = f"{signed(interval.mid, middle)}{unit}"
    return (Figure(middle, sheet), " (", Figure(low, sheet), " to ", Figure(high, sheet), ")")


def _fixes(group: CauseGroup, lines: dict[str, tuple[int, int]]) -> list[FixView]:
    """The line to change in each side, once."""
    fixes: dict[str, FixView] = {}
    for _, cause in group.found:
        fix = cause.fix
        if fix is None or fix.side in fixes:
            continue
        place, length = lines.get(fix.side, (-1, 0))
        href = f"code-{place}-{fix.line}" if fix.line and 0 < fix.line <= length else ""
        where = f"{fix.file}, line {fix.line}" if fix.line else fix.file
        fixes[fix.side] = FixView(where, href, fix.text, fix.replacement)
    return list(fixes.values())


def _gauge(gauge: Gauge) -> GaugeView:
    return GaugeView(gauge.name, gauge.text, gauge.why, linked(gauge.evidence, GAUGES))
