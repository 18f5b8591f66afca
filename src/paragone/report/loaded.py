"""Servers under load, in words that the page and the terminal share."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paragone.records import Load, LoadDoubt, LoadOrder, LoadQuantity, LoadRun, ServerLoad
from paragone.report.figures import count, number
from paragone.report.phrases import Phrase, capitalised, linked, listed
from paragone.report.samples.load import load_key

QUANTITIES: tuple[LoadQuantity, ...] = ("p50", "p99")


@dataclass(frozen=True)
class Spread:
    """A time over the runs: the median, the lowest and the highest."""

    mid: float
    low: float
    high: float


def of_runs(server: ServerLoad, rate_per_s: float, quantity: LoadQuantity) -> Spread | None:
    """A server's time at a rate over its runs; None where nothing was answered."""
    times = [
        took for one in at(server, rate_per_s) if (took := one.p50_s if quantity == "p50" else one.p99_s) is not None
    ]
    return Spread(statistics.median(times), min(times), max(times)) if times else None


def at(server: ServerLoad, rate_per_s: float) -> list[LoadRun]:
    """The runs at one rate."""
    return [one for one in server.runs if one.rate_per_s == rate_per_s]


def told_load(load: Load) -> Iterator[Phrase]:
    """Which server is the quickest where that can be said, where it cannot, who does not keep up, and what failed."""
    for side in dict.fromkeys(one.side for one in load.servers):
        servers = {one.target: one for one in load.servers if one.side == side}
        orders = [one for one in load.orders if one.side == side]
        for order in dict.fromkeys(one.order for one in orders if one.order):
            titles = " before ".join(servers[name].title for name in order)
            told = f"{_where([one for one in orders if one.order == order])}: {titles}."
            yield linked(f"{side}, {told}", load_key(servers[order[0]]))
        if doubtful := [one for one in orders if one.withheld]:
            told = f"{_where(doubtful)}: no order is told, for {_doubts(doubtful)}."
            yield linked(f"{side}, {told}", load_key(next(iter(servers.values()))))
        yield from _told_limits(side, list(servers.values()), load)


def _where(orders: Sequence[LoadOrder]) -> str:
    """`by p50 and p99 at 10 and 50 requests a second`; quantities with the same rates together."""
    rates_of = {each: [number(one.rate_per_s) for one in orders if one.quantity == each] for each in QUANTITIES}
    told: dict[str, list[str]] = {}
    for quantity, rates in rates_of.items():
        if rates:
            told.setdefault(listed(rates), []).append(quantity)
    parts = [f"by {listed(quantities)} at {rates}" for rates, quantities in told.items()]
    return f"{', and '.join(parts)} requests a second"


def _doubts(orders: Sequence[LoadOrder]) -> str:
    """The reasons, each once: the numbers stand in the table."""
    found = {doubt for one in orders for doubt in one.doubts}
    return listed([words for doubt, words in _DOUBTS.items() if doubt in found])


_DOUBTS: dict[LoadDoubt, str] = {
    "apart": "runs of one server lie more than 10 % apart",
    "behind": "not every server kept up",
}


def _told_limits(side: str, servers: Sequence[ServerLoad], load: Load) -> Iterator[Phrase]:
    for server in servers:
        behind = [
            rate for rate in load.rates_per_s if at(server, rate) and not all(one.held for one in at(server, rate))
        ]
        if behind:
            told = f"{server.title} of {side} did not keep up with {number(behind[0])} requests a second."
            yield linked(told, load_key(server))
        if server.why:
            yield linked(f"{capitalised(server.title)} of {side} failed under load: {server.why}.", load_key(server))


def how_loaded(load: Load) -> str:
    """What was done."""
    return (
        f"Every server was started anew for each of {count(load.runs, 'run')}, in a random order, and offered every "
        f"rate for {number(load.seconds)} s, in a random order too. Requests hold one sample, are sent at random "
        "intervals whether or not earlier ones were answered, and count from the moment when they should have been "
        "sent. Who asks runs on the same machine and takes a share of it, so servers are compared only with each "
        "other. Where the runs of a server lie more than 10 % apart, no order is told."
    )
