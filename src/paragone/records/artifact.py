"""What became of a side in a runtime that people ship to."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from paragone.records.base import Record

ArtifactVerdict = Literal["same", "different", "less precise", "quantised", "refused", "failed", "not run"]
"""same: as the side itself, within rounding. different: not so. less precise: different as the side is from itself when
it computes in a shorter format. quantised: it was asked for less, see the accuracy. refused: the framework does not
write what the runtime reads, or not for this model. failed: the runtime has it, and does not run it. not run: something
is missing on this machine."""
RAN: frozenset[ArtifactVerdict] = frozenset({"same", "different", "less precise", "quantised"})
UNARRIVED: tuple[ArtifactVerdict, ...] = ("failed", "refused", "not run")


class CaseGap(Record):
    """How far an artifact is from its side on some inputs.

    `floor` is how far the side drifts from itself when its weights move by one unit in the last place; `why` says what
    the runtime answered where it gave nothing.
    """

    name: str
    rows: int
    max_rel: float | None = None
    floor: float = 0.0
    tolerance: float = 0.0
    why: str = ""


class Latency(Record):
    """Seconds of single requests, one after the other; `n` are those of all processes."""

    p50: float
    p99: float
    n: int


class ArtifactProcess(Record):
    """What one process that loaded an artifact took; `why` says what it could not be timed for.

    The process is the unit of repetition: requests of one process resemble each other more than those of two.
    """

    cold_start_s: float | None = None
    peak_memory_bytes: int | None = None
    latency_s: Latency | None = None
    throughput_per_s: float | None = None
    why: str = ""


class Accuracy(Record):
    """Accuracy on `rows` test samples: the side's, the artifact's, and how much was lost, with its interval (95 %)."""

    side: float
    artifact: float
    lost: float
    low: float
    high: float
    rows: int


class Artifact(Record):
    """One side in one target.

    `processes` is what each of them took; times and throughput of the artifact are their geometric means, and its peak
    memory the most of them. `facts` are figures that only this target has, such as `arena_bytes`; `note` is what has to
    be said of the runtime whatever the verdict, such as that it was a stand-in.
    """

    side: str
    target: str
    title: str
    format: str = ""
    runtime: str = ""
    verdict: ArtifactVerdict
    why: str = ""
    note: str = ""
    precision: str = "float32"
    max_rel: float | None = None
    where: str = ""
    cases: tuple[CaseGap, ...] = ()
    size_bytes: int | None = None
    cold_start_s: float | None = None
    peak_memory_bytes: int | None = None
    latency_s: Latency | None = None
    throughput_per_s: float | None = None
    throughput_batch: int | None = None
    processes: tuple[ArtifactProcess, ...] = ()
    accuracy: Accuracy | None = None
    facts: dict[str, float] = Field(default_factory=dict)
    packages: dict[str, str] = Field(default_factory=dict)
    folder: str = ""
    script: str = ""
    log: str = ""
    sha256: str = ""

    @property
    def ran(self) -> bool:
        """Whether the runtime itself computed something."""
        return self.verdict in RAN
