"""What can be chosen: a framework on a backend, wherever it ran; or the sides of one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from paragone.choose.criteria import Kind, RunEvidence
from paragone.choose.wording import nearest
from paragone.records import Interval, Run, Side

TITLES = {
    "keras-tensorflow": "Keras on TensorFlow",
    "keras-torch": "Keras on PyTorch",
    "keras-jax": "Keras on JAX",
    "pytorch": "PyTorch",
    "jax": "JAX with Flax",
}
"""The options that are known, whether or not they were ever run."""

_KERAS = ("tensorflow", "keras")
_NAMES = {"torch": "pytorch", "jax": "jax"}
ON = {
    "keras-tensorflow": ("tensorflow", "tensorflow"),
    "keras-torch": ("tensorflow", "torch"),
    "keras-jax": ("tensorflow", "jax"),
    "pytorch": ("torch", "torch"),
    "jax": ("jax", "jax"),
}
"""The framework and the backend of each of them."""


def known_options(named: Sequence[str]) -> tuple[str, ...]:
    """The names, if there are such options."""
    for name in named:
        if name not in TITLES:
            raise ValueError(f"options, of which there is no `{name}`{nearest(name, TITLES)}")
    return tuple(named)


@dataclass(frozen=True)
class Found:
    """A candidate in one run."""

    evidence: RunEvidence
    side: Side


@dataclass(frozen=True)
class Candidate:
    """What can be chosen.

    Args:
        name: unique among all; of a run alone its side's name.
        key: the option that it is: `keras-tensorflow`, `pytorch`, ...
        title: in words.
        framework: its id.
        backend: what that computes with.
        found: where it ran, the user's own runs first; nothing for one that nobody ran.
    """

    name: str
    key: str
    title: str
    framework: str
    backend: str
    found: tuple[Found, ...] = ()

    def values(self, kind: Kind) -> dict[str, tuple[Found, Interval]]:
        """Its values on a criterion by the run's id: of the user's own runs, or of others where these have none."""
        if kind.id not in self._read:
            self._read[kind.id] = self._values(kind)
        return self._read[kind.id]

    @cached_property
    def _read(self) -> dict[str, dict[str, tuple[Found, Interval]]]:
        return {}

    def _values(self, kind: Kind) -> dict[str, tuple[Found, Interval]]:
        found = {
            one.evidence.id: (one, value)
            for one in self.found
            if (value := kind.value(one.evidence, one.side)) is not None
        }
        own = {id_: pair for id_, pair in found.items() if pair[0].evidence.own}
        return own or found


def key_of(side: Side) -> str:
    """The option that a side is an instance of."""
    if side.framework in _KERAS:
        return f"keras-{side.backend}"
    return _NAMES.get(side.framework, side.framework)


def sides_of(evidence: RunEvidence, sides: Iterable[Side]) -> tuple[Candidate, ...]:
    """The sides of one run, each under its own name."""
    return tuple(
        Candidate(
            name=side.name,
            key=key_of(side),
            title=side.name,
            framework=side.framework,
            backend=side.backend,
            found=(Found(evidence, side),),
        )
        for side in sides
    )


def run_evidence(run: Run, id_: str, *, own: bool) -> RunEvidence:
    """The evidence that a run's record holds."""
    return RunEvidence(
        proof=run.proof,
        timings=run.timings,
        artifacts=run.artifacts,
        machine=run.machine,
        id=id_,
        made=run.created[:10],
        title=f"{run.name} on {run.machine.cpu}, {run.machine.system}",
        own=own,
    )


def options_of(runs: Sequence[tuple[RunEvidence, Sequence[Side]]]) -> tuple[Candidate, ...]:
    """The options over many runs, in the order of their names; those that are known and never ran are among them.

    Two sides of one option in one run, as of two versions, are options of their own.
    """
    found: dict[str, list[Found]] = {key: [] for key in TITLES}
    for evidence, sides in runs:
        idiomatic = [side for side in sides if side.track == "idiomatic"] or list(sides)
        several = Counter(key_of(side) for side in idiomatic)
        for side in idiomatic:
            key = key_of(side)
            found.setdefault(key if several[key] == 1 else f"{key}:{side.name}", []).append(Found(evidence, side))
    names = [name for name, sides in found.items() if sides or not any(one.startswith(f"{name}:") for one in found)]
    return tuple(_candidate(name, found[name]) for name in sorted(names))


def _candidate(name: str, found: list[Found]) -> Candidate:
    key, _, side = name.partition(":")
    title = TITLES.get(key, key) + (f" ({side})" if side else "")
    first = found[0].side if found else None
    framework, backend = (first.framework, first.backend) if first else ON[key]
    ordered = tuple(sorted(found, key=lambda one: not one.evidence.own))
    return Candidate(name=name, key=key, title=title, framework=framework, backend=backend, found=ordered)


def about(candidates: Iterable[Candidate], targets: tuple[str, ...]) -> tuple[Candidate, ...]:
    """The candidates with evidence of these targets only."""
    if not targets:
        return tuple(candidates)
    return tuple(
        replace(
            one,
            found=tuple(Found(replace(at.evidence, targets=targets), at.side) for at in one.found),
        )
        for one in candidates
    )
