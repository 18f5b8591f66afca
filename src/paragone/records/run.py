"""The whole record of a run."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from paragone.records.artifact import Artifact
from paragone.records.base import Record
from paragone.records.choice import Choice
from paragone.records.claim import Claim
from paragone.records.load import Load
from paragone.records.proof import Proof
from paragone.records.sweep import Sweep
from paragone.records.task import Machine, Side, Task
from paragone.records.timing import Timings

SCHEMA = "paragone.run/1"


class Reproduce(Record):
    """How to make this run again."""

    command: str
    options: dict[str, str | int | float | bool | None]
    requirements: tuple[str, ...]


class Run(Record):
    """The whole record of a run."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: str = Field(default=SCHEMA, alias="schema")
    paragone: str
    created: str
    name: str
    task: Task
    machine: Machine
    sides: tuple[Side, ...]
    proof: Proof | None = None
    timings: Timings | None = None
    sweep: Sweep | None = None
    artifacts: tuple[Artifact, ...] = ()
    load: Load | None = None
    claims: tuple[Claim, ...] = ()
    choice: Choice | None = None
    reproduce: Reproduce
    duration_s: float

    def _repr_html_(self) -> str:
        """The page of this run, as a notebook shows it."""
        from paragone.report.notebook import notebook_html

        return notebook_html(self)
