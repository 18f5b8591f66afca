"""Runs made up for the choice: sides with planted figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from paragone.choose.candidates import Candidate, sides_of
from paragone.choose.criteria import RunEvidence
from paragone.choose.decision import decide
from paragone.choose.profile import Profile, named
from paragone.records import (
    Accuracy,
    Artifact,
    ArtifactProcess,
    Choice,
    ContenderSet,
    ContenderTiming,
    Interval,
    Latency,
    Machine,
    Memory,
    Outcome,
    Phases,
    Proof,
    Ratio,
    Side,
    TimingPlan,
    Timings,
)

MACHINE = Machine(
    cpu="a processor",
    cores=2,
    memory_bytes=2**33,
    system="Debian GNU/Linux 13 (trixie), Linux 6.12 x86_64",
    python="3.13.5",
    load_before=0.0,
    packages={},
)


@dataclass(frozen=True)
class Planted:
    """One side's true figures; `noise` is the relative spread over sets and, in points, over seeds."""

    name: str
    step_s: float = 1e-3
    cold_s: float = 4.0
    peak: float = 4e8
    accuracy: float = 0.90
    tokens: int = 200
    loss: float = 0.3
    noise: float = 0.002
    failed: str = ""
    code: str = ""
    framework: str = "torch"
    latency_s: float = 1e-3
    size: int = 100_000
    arrived: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class World:
    """A run's evidence and its sides."""

    evidence: RunEvidence
    sides: list[Side] = field(default_factory=list)

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        return sides_of(self.evidence, self.sides)


def ask(made: World, profile: str | Profile = "balanced", seed: int = 0, draws: int = 10_000) -> Choice:
    """The choice among the sides of a world."""
    return decide(made.candidates, named(profile) if isinstance(profile, str) else profile, seed, draws)


def _spread(mid: float, noise: float, count: int) -> list[float]:
    return [mid * math.exp(noise * at) for at in np.linspace(-1, 1, count)]


def _side(planted: Planted) -> Side:
    code = planted.code or "x\n" * planted.tokens
    return Side(
        name=planted.name,
        framework=planted.framework,
        backend=planted.framework,
        version="1",
        file=f"{planted.name}.py",
        sha256=planted.code or planted.name,
        code=code,
        status="failed" if planted.failed else "ok",
        why=planted.failed,
    )


def _timing(planted: Planted, sets: int) -> ContenderTiming:
    steps, colds, peaks = (_spread(mid, planted.noise, sets) for mid in (planted.step_s, planted.cold_s, planted.peak))
    rows = [
        ContenderSet(
            set=at,
            phases_s=Phases(start=cold / 4, import_=cold / 4, build=cold / 4, compile=cold / 8, first_step=cold / 8),
            steady_s=1.0,
            wall_s=cold + 1.0,
            accounted_s=cold + 1.0,
            memory_bytes=Memory(peak=round(peak), after_import=0, after_build=0),
            warmup_steps=1,
            steps_per_block=1,
            block_step_s=(step, step),
        )
        for at, (step, cold, peak) in enumerate(zip(steps, colds, peaks, strict=True))
    ]
    half = 2.4 * planted.noise / math.sqrt(sets)
    over = (planted.step_s, planted.step_s * math.exp(-half), planted.step_s * math.exp(half))
    step_s = Interval(mid=over[0], low=over[1], high=over[2], n=sets)
    return ContenderTiming(side=planted.name, track="idiomatic", step_s=step_s, sets=tuple(rows))


def _processes(planted: Planted) -> list[ArtifactProcess]:
    """What three processes of an artifact took."""
    starts, medians = (_spread(mid, planted.noise, 3) for mid in (planted.cold_s / 4, planted.latency_s))
    return [
        ArtifactProcess(cold_start_s=start, latency_s=Latency(p50=median, p99=3 * median, n=1000))
        for start, median in zip(starts, medians, strict=True)
    ]


def _artifacts(planted: Planted) -> list[Artifact]:
    """What became of a side in each target that it was planted in."""
    return [
        Artifact.model_validate(
            {
                "side": planted.name,
                "target": target,
                "title": target,
                "verdict": verdict,
                "size_bytes": planted.size,
                "cold_start_s": planted.cold_s / 4,
                "peak_memory_bytes": round(planted.peak / 4),
                "latency_s": Latency(p50=planted.latency_s, p99=3 * planted.latency_s, n=3000),
                "processes": _processes(planted),
                "accuracy": Accuracy(
                    side=planted.accuracy, artifact=planted.accuracy - 0.01, lost=0.01, low=0.0, high=0.02, rows=360
                )
                if verdict == "quantised"
                else None,
            }
        )
        for target, verdict in planted.arrived.items()
    ]


def _outcome(planted: Planted, regression: bool) -> Outcome:
    accuracy = tuple(min(1.0, planted.accuracy + planted.noise * at) for at in (-1, 0, 1))
    return Outcome(
        side=planted.name,
        variant="as written",
        steps=10,
        seeds=(0, 1, 2),
        accuracy=() if regression else accuracy,
        loss=(planted.loss,) * 3,
    )


def build(
    planted: Sequence[Planted],
    *,
    ratios: Sequence[Ratio] = (),
    self_test: Sequence[Ratio] = (),
    trusted: bool = True,
    regression: bool = False,
    timed: bool = True,
    sets: int = 8,
    id_: str = "this run",
    own: bool = True,
) -> World:
    """The world in which these sides have these figures."""
    plan = TimingPlan(
        sets=sets, rounds_per_set=1, block_s=0.1, warmup_s=1, budget_s=60, level=0.99, batch_size=32, threads=1
    )
    timings = Timings(
        plan=plan,
        contenders=tuple(_timing(one, sets) for one in planted),
        ratios=tuple(ratios),
        self_test=tuple(self_test),
        trusted=trusted,
    )
    outcomes = tuple(_outcome(one, regression) for one in planted)
    proof = Proof(verdict="same", steps=10, tolerances={}, pairs=(), outcomes=outcomes)
    evidence = RunEvidence(
        proof,
        timings if timed else None,
        artifacts=tuple(artifact for one in planted for artifact in _artifacts(one)),
        machine=MACHINE,
        id=id_,
        made="2026-11-30",
        own=own,
    )
    return World(evidence, [_side(one) for one in planted])


def ratio(a: str, b: str, quantity: str, verdict: str) -> Ratio:
    """A comparison by the timing with this verdict."""
    return Ratio.model_validate(
        {
            "a": a,
            "b": b,
            "track": "idiomatic",
            "quantity": quantity,
            "ratio": 1.0,
            "low": 0.9,
            "high": 1.1,
            "level": 0.99,
            "verdict": verdict,
            "detectable": 0.1,
            "log_ratios": (0.0, 0.0),
        }
    )
