"""Paragone's own instrument, as `paragone measure` runs it: real workers, start-ups included, 99 %."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.first_task import contender
from benchmarks.instrument import trial as instrument_trial
from benchmarks.scoreboard.tool import Said, Tool, Trial, Verdict

from paragone import __version__
from paragone.measure.sets import Contender
from paragone.workers.spawn import Worker

OPPOSITE: dict[str, Said] = {"faster": "slower", "slower": "faster", "tie": "tie", "withheld": "withheld"}


def run(trial: Trial) -> list[Verdict]:
    """Sets of fresh processes within the time."""
    one = contender(trial.side, "idiomatic", trial.folder)
    one = replace(one, spec=replace(one.spec, threads=1))

    def launch(each: Contender) -> Worker:
        return Worker(each.spec, trial.folder / f"{each.side}.log", fresh=True)

    row = instrument_trial(
        one, trial.planted, budget_s=trial.budget_s, seed=trial.seed, folder=trial.folder, launch=launch
    )
    return [Verdict("interval at 99 %", OPPOSITE[row["verdict"]], row["ratio"])]


TOOL = Tool(
    name="paragone",
    title="Paragone",
    about="`paragone measure` with this budget: its verdict on the time of a step ([how](../measuring.md)).",
    place=1,
    version=lambda: __version__,
    needs="",
    found=lambda: True,
    run=run,
)
