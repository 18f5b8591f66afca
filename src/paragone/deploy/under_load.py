"""Servers under load: the same requests, at rising rates, to every server that a side arrived in.

The process is the unit of repetition: each of five runs starts every server anew, in a random order, and offers it
every rate, in a random order too. One server runs at a time. Whoever asks runs on the same machine, and takes a share.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from paragone.deploy import load_host
from paragone.deploy.environments import environment_of
from paragone.deploy.runtime import finished
from paragone.deploy.target import Target
from paragone.errors import shareable
from paragone.folder import LOGS
from paragone.progress import Progress
from paragone.records import Artifact, Load, LoadDoubt, LoadOrder, LoadQuantity, LoadRun, ServerLoad
from paragone.trials import Trials

RUNS = 5
AGREE = 0.10
"""How far runs may lie apart, as a share of their median, for an order to be told."""
_START_S = 180.0
_QUANTITIES: tuple[LoadQuantity, ...] = ("p50", "p99")


@dataclass(frozen=True)
class Wanted:
    """What load is wanted.

    Args:
        rates_per_s: requests a second.
        seconds: how long each rate is offered.
        seed: of the order and of the intervals.
    """

    rates_per_s: tuple[float, ...]
    seconds: float
    seed: int


def under_load(
    artifacts: Sequence[Artifact],
    targets: Sequence[Target],
    wanted: Wanted,
    folder: Path,
    trials: Trials,
    progress: Progress,
) -> Load:
    """Put every server that a side arrived in under load.

    Args:
        artifacts: what arrived.
        targets: that were asked for.
        wanted: what load.
        folder: the run's.
        trials: where finished runs are kept.
        progress: where the stage reports to.
    """
    servers = {one.name: one for one in targets if one.serves}
    cells = [one for one in artifacts if one.ran and one.target in servers]
    progress.stage("load", len(cells) * RUNS)
    dice = np.random.default_rng(wanted.seed)
    found: dict[tuple[str, str], list[dict[str, Any]]] = {(one.side, one.target): [] for one in cells}
    for run in range(RUNS):
        for place in dice.permutation(len(cells)):
            cell = cells[place]
            progress.advance(0, f"{cell.side}: {cell.title}, run {run + 1} of {RUNS}")
            once = _Once(cell, servers[cell.target], wanted, run, folder)
            found[cell.side, cell.target].append(once.recalled_or_run(trials, progress))
            progress.advance(1)
    loads = tuple(_server(cell, found[cell.side, cell.target], wanted) for cell in cells)
    return Load(
        rates_per_s=wanted.rates_per_s,
        seconds=wanted.seconds,
        runs=RUNS,
        servers=loads,
        orders=orders(loads, wanted.rates_per_s),
    )


@dataclass(frozen=True)
class _Once:
    """One process of one server, at every rate."""

    cell: Artifact
    target: Target
    wanted: Wanted
    run: int
    folder: Path

    def recalled_or_run(self, trials: Trials, progress: Progress) -> dict[str, Any]:
        """What `load_host.py` said, or `why` it said nothing."""
        recalled = trials.recall("load", self._key())
        if recalled is not None:
            return recalled.result
        progress.still(True)
        try:
            said = self._asked()
        finally:
            progress.still(False)
        if "why" not in said:
            trials.keep("load", self._key(), said)
        return said

    def _key(self) -> dict[str, Any]:
        load = {"rates_per_s": list(self.wanted.rates_per_s), "seconds": self.wanted.seconds, "seed": self.wanted.seed}
        where = {"side": self.cell.side, "target": self.cell.target, "run": self.run}
        return {
            **where,
            **load,
            "artifact": self.cell.sha256,
            "how": self.target.identity,
            "packages": self.cell.packages,
        }

    def _asked(self) -> dict[str, Any]:
        place = (self.folder / self.cell.folder).resolve()
        scratch = (self.folder / "exchange" / "load").resolve()
        scratch.mkdir(parents=True, exist_ok=True)
        answer = scratch / "said.json"
        answer.unlink(missing_ok=True)
        given = {
            **{"script": str(place / self.cell.script), "folder": str(place), "example": str(place / "example.npz")},
            **{"rates": self.wanted.rates_per_s, "seconds": self.wanted.seconds, "answer": str(answer)},
            "seed": [self.wanted.seed, self.run],
        }
        python = environment_of(self.target, install=False, say=lambda _: None).python
        patience_s = _START_S + len(self.wanted.rates_per_s) * (3 * self.wanted.seconds + 120)
        why = finished(
            python, Path(load_host.__file__), scratch / "ask.json", given, self.folder / log_of(self.cell), patience_s
        )
        if not answer.exists():
            return {"why": why or "the process left no answer"}
        return cast("dict[str, Any]", json.loads(answer.read_text(encoding="utf-8")))


def log_of(cell: Artifact) -> str:
    """Where a server under load prints to, inside the run's folder."""
    return f"{LOGS}/{cell.side}-{cell.target}-load.log"


def _server(cell: Artifact, said: Sequence[Mapping[str, Any]], wanted: Wanted) -> ServerLoad:
    runs = tuple(
        _run(rate, place, one["rates"][str(rate)])
        for rate in wanted.rates_per_s
        for place, one in enumerate(said)
        if "why" not in one
    )
    why = next((one["why"] for one in said if "why" in one), "")
    return ServerLoad(
        side=cell.side,
        target=cell.target,
        title=cell.title,
        note=cell.note,
        runs=runs,
        why=shareable(why),
        log=log_of(cell),
    )


def _run(rate: float, run: int, said: Mapping[str, Any]) -> LoadRun:
    took_s = said["took_s"]
    percentiles = np.percentile(took_s, [50, 90, 99]).tolist() if took_s else (None, None, None)
    p50_s, p90_s, p99_s = percentiles
    return LoadRun(
        rate_per_s=rate, run=run, offered_per_s=said["offered_per_s"], sent=said["sent"], answered=len(took_s),
        failed=said["failed"], answered_per_s=said["answered_per_s"], p50_s=p50_s, p90_s=p90_s, p99_s=p99_s,
        why=shareable(said["why"]),
    )  # fmt: skip


# ---------------------------------------------------------------------- which is the quickest


def orders(servers: Sequence[ServerLoad], rates_per_s: Sequence[float]) -> tuple[LoadOrder, ...]:
    """Which server of a side is the quickest at each rate, where its five runs agree; else why there is no order.

    Args:
        servers: of all sides.
        rates_per_s: that were offered.
    """
    return tuple(_orders(servers, rates_per_s))


def _orders(servers: Sequence[ServerLoad], rates_per_s: Sequence[float]) -> Iterator[LoadOrder]:
    for side in dict.fromkeys(one.side for one in servers):
        rivals = [one for one in servers if one.side == side and one.runs]
        for rate in rates_per_s if len(rivals) > 1 else ():
            for quantity in _QUANTITIES:
                yield _order(side, rate, quantity, rivals)


def _order(side: str, rate: float, quantity: LoadQuantity, rivals: Sequence[ServerLoad]) -> LoadOrder:
    unknown = LoadOrder(side=side, rate_per_s=rate, quantity=quantity)
    medians: dict[str, float] = {}
    doubts: list[tuple[LoadDoubt, str]] = []
    for server in rivals:
        runs = [one for one in server.runs if one.rate_per_s == rate]
        times = [took for one in runs if (took := _of(one, quantity)) is not None]
        if len(times) < RUNS or not all(one.held for one in runs):
            doubts.append(("behind", f"{server.title} did not keep up in every run"))
            continue
        medians[server.target] = statistics.median(times)
        apart = (max(times) - min(times)) / medians[server.target]
        if apart > AGREE:
            doubts.append(("apart", f"the {RUNS} runs of {server.title} lie {100 * apart:.0f} % apart"))
    if doubts:
        kinds, words = zip(*doubts, strict=True)
        return unknown.model_copy(update={"withheld": "; ".join(words), "doubts": tuple(dict.fromkeys(kinds))})
    return unknown.model_copy(update={"order": tuple(sorted(medians, key=lambda name: medians[name]))})


def _of(run: LoadRun, quantity: LoadQuantity) -> float | None:
    return run.p50_s if quantity == "p50" else run.p99_s
