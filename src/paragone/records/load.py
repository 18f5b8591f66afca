"""How servers answer when they are asked more and more often."""

from __future__ import annotations

from typing import Literal

from paragone.records.base import Record

LoadQuantity = Literal["p50", "p99"]
LoadDoubt = Literal["behind", "apart"]
"""Why there is no order: a server did not keep up, or the runs of one lie too far apart."""


class LoadRun(Record):
    """One server process at one rate: `rate_per_s` was asked for, `offered_per_s` came of the random intervals.

    Times are seconds from the moment when a request should have been sent. `sent` less `answered` and `failed` found no
    free connection in time.
    """

    rate_per_s: float
    run: int
    offered_per_s: float
    sent: int
    answered: int
    failed: int
    answered_per_s: float
    p50_s: float | None = None
    p90_s: float | None = None
    p99_s: float | None = None
    why: str = ""

    @property
    def held(self) -> bool:
        """Whether nearly every request was answered, at nearly the rate at which they came."""
        return self.answered >= 0.99 * self.sent and self.answered_per_s >= 0.9 * self.offered_per_s


class ServerLoad(Record):
    """One side behind one server; `why` says what failed where there are fewer runs than were wanted."""

    side: str
    target: str
    title: str
    note: str = ""
    runs: tuple[LoadRun, ...] = ()
    why: str = ""
    log: str = ""


class LoadOrder(Record):
    """Servers of one side at one rate, the quickest first; `withheld` and `doubts` say why there is no order."""

    side: str
    rate_per_s: float
    quantity: LoadQuantity
    order: tuple[str, ...] = ()
    withheld: str = ""
    doubts: tuple[LoadDoubt, ...] = ()


class Load(Record):
    """All servers under load: `runs` processes of each, `seconds` at each rate."""

    rates_per_s: tuple[float, ...]
    seconds: float
    runs: int
    servers: tuple[ServerLoad, ...] = ()
    orders: tuple[LoadOrder, ...] = ()
