"""Servers under load: latency against what they are offered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from paragone.records import Load, LoadQuantity, Run, ServerLoad
from paragone.report.charts import Chart
from paragone.report.charts.growth import Point, Swept, growth_chart
from paragone.report.figures import ABSENT, number, percent, seconds
from paragone.report.loaded import QUANTITIES, Spread, at, how_loaded, of_runs, told_load
from paragone.report.phrases import Phrase
from paragone.report.samples.load import load_key
from paragone.report.text import anchor
from paragone.report.views import TableView, cell, places

_NAMES: dict[LoadQuantity, str] = {"p50": "the typical request (p50)", "p99": "the slowest in a hundred (p99)"}
_NOTE = "Marks are medians of the runs, upright lines reach from the lowest run to the highest."


@dataclass(frozen=True)
class LoadShown:
    """The servers of one side."""

    side: str
    place: int
    charts: tuple[tuple[Chart, TableView], ...]


@dataclass(frozen=True)
class LoadView:
    """The subsection; empty where nothing was put under load."""

    told: tuple[Phrase, ...] = ()
    shown: tuple[LoadShown, ...] = ()
    how: str = ""


def load_view(run: Run) -> LoadView:
    """Charts and tables of every side's servers."""
    load = run.load
    if load is None:
        return LoadView()
    order = places(run)
    shown = tuple(
        LoadShown(side, order.get(side, 0), charts)
        for side in dict.fromkeys(one.side for one in load.servers)
        if (charts := tuple(_charts(load, side)))
    )
    return LoadView(tuple(told_load(load)), shown, how_loaded(load))


def _charts(load: Load, side: str) -> Iterator[tuple[Chart, TableView]]:
    servers = [one for one in load.servers if one.side == side]
    series = list(dict.fromkeys(one.target for one in load.servers))  # a server looks the same for every side
    for quantity in QUANTITIES:
        curves = [
            Swept(server.title, points, series.index(server.target))
            for server in servers
            if (points := tuple(_points(load, server, quantity)))
        ]
        if curves:
            chart = growth_chart(
                anchor("chart-load", side, quantity),
                f"{side}: {_NAMES[quantity]} against what is asked for",
                curves,
                axis="requests/s",
                write=seconds,
                whole=True,
                note=_NOTE,
            )
            yield chart, _table(load, side, servers, quantity)


def _points(load: Load, server: ServerLoad, quantity: LoadQuantity) -> Iterator[Point]:
    for rate in load.rates_per_s:
        if (found := of_runs(server, rate, quantity)) is not None:
            yield Point(rate, found.mid, found.low, found.high)


def _table(load: Load, side: str, servers: list[ServerLoad], quantity: LoadQuantity) -> TableView:
    rows = tuple(_row(server, rate, quantity) for server in servers for rate in load.rates_per_s)
    columns = ("server", "requests a second", quantity, "lowest run", "highest run", "answered")
    return TableView(f"{side}: {_NAMES[quantity]}", columns, rows)


def _row(server: ServerLoad, rate: float, quantity: LoadQuantity) -> tuple[Phrase, ...]:
    sheet = load_key(server)
    found: Spread | None = of_runs(server, rate, quantity)
    times = (found.mid, found.low, found.high) if found else ()
    sent = sum(one.sent for one in at(server, rate))
    answered = sum(one.answered for one in at(server, rate))
    return (
        cell(server.title),
        cell(number(rate), sheet),
        *([cell(seconds(each), sheet) for each in times] or [cell(ABSENT)] * 3),
        cell(percent(answered / sent), sheet) if sent else cell(ABSENT),
    )
