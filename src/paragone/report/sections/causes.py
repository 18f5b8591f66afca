"""The causes, one card each, and the differences that are none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import urlsplit

from paragone.records import Effect, Explains, Fix, Gauge, Hunk, Interval, Pair, Patch, Run
from paragone.report.figures import count, number, signed, spread, times
from paragone.report.phrases import Figure, Phrase, capitalised, joined, linked, listed
from paragone.report.samples.proof import GAUGES, cause_key
from paragone.report.verdicts import CauseGroup, grouped_causes, hunks_of


@dataclass(frozen=True)
class HunkView:
    """Lines that stand together; `href` leads to them in the listing where the page shows it."""

    where: str
    href: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class FixView:
    """What to change in one side."""

    hunks: tuple[HunkView, ...]
    adds: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class PatchView:
    """All fixes as one diff."""

    lines: tuple[tuple[str, str], ...]
    left: tuple[str, ...]


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
    patch: PatchView | None = None


def causes_view(run: Run) -> CausesView:
    """All cards; where there is none, the reason."""
    if run.proof is None:
        return CausesView((), (), "Without a proof there is no cause to show.")
    groups = grouped_causes(run.proof)
    lines = {side.name: (place, side.code.count("\n") + 1) for place, side in enumerate(run.sides)}
    cards = tuple(_card(number, group, lines) for number, group in enumerate(groups, start=1))
    absent = "" if cards else "The sides do not differ." if run.proof.verdict == "same" else "No cause was found."
    return CausesView(cards, tuple(map(_gauge, run.proof.gauges)), absent, _patch(run.proof.patch))


def _patch(patch: Patch | None) -> PatchView | None:
    """The diff line by line, each with the kind of line that it is: `ins`, `del` or nothing."""
    if patch is None:
        return None
    kinds = {"+": "ins", "-": "del"}
    heads = ("+++", "---")
    rows = ((line, "" if line.startswith(heads) else kinds.get(line[:1], "")) for line in patch.diff.splitlines())
    return PatchView(tuple(rows), patch.left)


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
        fixes=tuple(_fix(fix, *lines.get(fix.side, (-1, 0))) for fix in group.fixes()),
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
    if effect.worth or (effect.loss is None and effect.accuracy is None and effect.text):
        return linked(effect.text, sheet)
    parts: list[Phrase] = []  # a record from before there was an equivalence test
    if effect.parameters_rel is not None:
        parts.append(("the weights end ", Figure(number(effect.parameters_rel), sheet), " apart"))
    if effect.accuracy is not None:
        parts.append(("accuracy moves by ", *_change(effect.accuracy, sheet, 100.0, " points")))
    if effect.loss is not None:
        parts.append(("test loss moves by ", *_change(effect.loss, sheet, 1.0, "")))
    over = f", over {count(effect.seeds, 'seed')}" if effect.seeds else ""
    return (*joined(parts, "; "), f" (after {effect.steps:,} steps{over})")


def _change(interval: Interval, sheet: str, scale: float, unit: str) -> Phrase:
    middle, low, high = spread(interval.mid, interval.low, interval.high, scale)
    middle = f"{signed(interval.mid, middle)}{unit}"
    return (Figure(middle, sheet), " (", Figure(low, sheet), " to ", Figure(high, sheet), ")")


def _fix(fix: Fix, place: int, length: int) -> FixView:
    """The lines to change in one side: the file with this place on the page, and so many lines."""
    hunks = tuple(_hunk(fix.file, hunk, place, length) for hunk in hunks_of(fix))
    return FixView(hunks, tuple(fix.adds.splitlines()), fix.note)


def _hunk(file: str, hunk: Hunk, place: int, length: int) -> HunkView:
    href = f"code-{place}-{hunk.line}" if 0 < hunk.line <= length else ""
    where = f"{file}, line {hunk.line}" if hunk.line else file
    return HunkView(where, href, tuple(hunk.text.splitlines()), tuple(hunk.replacement.splitlines()))


def _gauge(gauge: Gauge) -> GaugeView:
    return GaugeView(gauge.name, gauge.text, gauge.why, linked(gauge.evidence, GAUGES))
