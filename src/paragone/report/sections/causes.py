"""The causes, one card each, and the differences that are none."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from paragone.records import Cause, Effect, Gauge, Interval, Pair, Run
from paragone.report.figures import count, number, signed, times
from paragone.report.phrases import Figure, Phrase, capitalised, linked, listed
from paragone.report.samples.proof import GAUGES, cause_key
from paragone.report.verdicts import CauseGroup, grouped_causes
from paragone.report.views import TableView, cell


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
    explains: TableView
    texts: tuple[Phrase, ...]
    worth: TableView | None
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
        places=listed(list(dict.fromkeys(f"{one.where} of {one.side}" for _, one in group.found if one.where))),
        explains=_explains(group),
        texts=tuple(_texts(group)),
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


def _explains(group: CauseGroup) -> TableView:
    sheet = cause_key(group.trap)
    rows = tuple(_explained(pair, cause, sheet) for pair, cause in group.found)
    return TableView("What it explains", ("pair", "rung", "distance with it", "without it", "factor"), rows)


def _explained(pair: Pair, cause: Cause, sheet: str) -> tuple[Phrase, ...]:
    explains = cause.explains
    return (
        cell(f"{pair.a} – {pair.b}"),
        cell(f"{explains.rung}, {explains.dtype}"),
        cell(number(explains.present), sheet),
        cell(number(explains.removed), sheet),
        cell(times(explains.factor), sheet),
    )


def _texts(group: CauseGroup) -> list[Phrase]:
    """What the proof itself says of a cause, each sentence once."""
    told = [
        text for _, cause in group.found for text in (cause.explains.text, cause.effect.text if cause.effect else "")
    ]
    return [linked(text, cause_key(group.trap)) for text in dict.fromkeys(filter(None, told))]


def _worth(group: CauseGroup) -> TableView | None:
    sheet = cause_key(group.trap)
    rows = tuple(_worth_row(pair, cause.effect, sheet) for pair, cause in group.found if cause.effect)
    columns = ("pair", "weights move by", "test loss moves by", "accuracy moves by", "over")
    return TableView("What it is worth", columns, rows) if rows else None


def _worth_row(pair: Pair, effect: Effect, sheet: str) -> tuple[Phrase, ...]:
    moved = cell(number(effect.parameters_rel), sheet) if effect.parameters_rel is not None else ("–",)
    seeds = count(effect.seeds, "seed") if effect.seeds else "one run"
    return (
        cell(f"{pair.a} – {pair.b}"),
        moved,
        _change(effect.loss, sheet, 1.0, ""),
        _change(effect.accuracy, sheet, 100.0, " points"),
        cell(f"{effect.steps:,} steps, {seeds}"),
    )


def _change(interval: Interval | None, sheet: str, scale: float, unit: str) -> Phrase:
    if interval is None:
        return ("–",)
    low, high = number(scale * interval.low), number(scale * interval.high)
    middle = signed(interval.mid, number(scale * interval.mid))
    return (Figure(f"{middle}{unit}", sheet), " (", Figure(low, sheet), " to ", Figure(high, sheet), ")")


def _fixes(group: CauseGroup, lines: dict[str, tuple[int, int]]) -> list[FixView]:
    """Each line to change, once."""
    fixes: dict[tuple[str, int | None, str], FixView] = {}
    for _, cause in group.found:
        fix = cause.fix
        if fix is None:
            continue
        place, length = lines.get(fix.side, (-1, 0))
        href = f"code-{place}-{fix.line}" if fix.line and 0 < fix.line <= length else ""
        where = f"{fix.file}, line {fix.line}" if fix.line else fix.file
        fixes[fix.side, fix.line, fix.replacement] = FixView(where, href, fix.text, fix.replacement)
    return list(fixes.values())


def _gauge(gauge: Gauge) -> GaugeView:
    return GaugeView(gauge.name, gauge.text, gauge.why, linked(gauge.evidence, GAUGES))
