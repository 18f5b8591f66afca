"""Records of the history: one line a run."""

from __future__ import annotations

from paragone.records.base import Record
from paragone.records.task import Machine


class RunLine(Record):
    """One run of the history, without what it was computed from.

    `same` is the verdict of the proof, empty where there was none; `step` says for each pair what was found about the
    time of a training step. `folder` is where the run was left, on this machine.
    """

    id: str
    created: str
    verb: str
    name: str
    frameworks: tuple[str, ...]
    same: str = ""
    step: tuple[str, ...] = ()
    machine: Machine
    paragone: str
    duration_s: float
    folder: str


class RunList(Record):
    """Runs of the history, the latest first; `unreadable` counts rows that hold no record of a run."""

    runs: tuple[RunLine, ...]
    unreadable: int = 0
    database: str = ""
