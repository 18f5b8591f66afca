"""The search for causes, on sides whose behaviour is a formula: every way in which causes can hide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from paragone.errors import ParagoneError
from paragone.prove.hypotheses import Intervention, hypotheses
from paragone.prove.ladder import Trace
from paragone.prove.no_gradient import NoGradient
from paragone.prove.scope import Climbed, Scope
from paragone.prove.search import Search
from paragone.prove.stages import cannot_show_on
from paragone.prove.subject import Subject
from paragone.trials import Trial
from paragone.workers.probes import FORWARD

from .subjects import make_subject

_BN = "batch-norm-momentum"
World = Callable[[Mapping[str, float]], Mapping[str, float]]
"""From the traits of a side to what each rung of it gives; raises what a worker would."""
RUNGS = {"forward": "forward/0", "loss": "loss", "step": "step/w", "trajectory": "weights/9/w", "outcome": "outcome/0"}


@dataclass
class Asked:
    """An experiment: the traits that are in force, and how far it goes."""

    side: str
    traits: dict[str, float]
    steps: int
    names: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass
class Lab:
    """Answers at once."""

    worlds: Mapping[str, World]
    asked: list[Asked] = field(default_factory=list)

    def all(self, experiments: Mapping[Any, Asked]) -> dict[Any, Any]:
        return {key: self._answer(one) for key, one in experiments.items()}

    def _answer(self, one: Asked) -> Any:
        self.asked.append(one)
        try:
            given = self.worlds[one.side](one.traits)
        except ParagoneError as error:
            return error
        arrays = {
            RUNGS[name]: np.array([1.0 + value])
            for name, value in given.items()
            if name in RUNGS and name in (one.names or RUNGS)
        }
        if one.steps == 1 and not one.names:
            arrays |= {f"layers/{name}": np.array([1.0 + value]) for name, value in given.items() if name not in RUNGS}
            arrays["weights/1/w"] = arrays.pop("weights/9/w")
        return Trial({}, arrays)


class Group:
    """Two sides that start from the same weights."""

    trusting = True
    updates = ()

    def __init__(self, world: Mapping[str, World], a: dict[str, float], b: dict[str, float]):
        layers = {"layers": [{"name": name} for name in ("dense_1", "dense_2")]}
        self.subjects: list[Subject] = [
            make_subject(name, {_key(trait): value for trait, value in traits.items()}, **layers)
            for name, traits in (("a", a), ("b", b))
        ]
        self.lab = Lab(world)
        self.scope, self.deciding = Scope(rungs=tuple(RUNGS), dtypes=("float64",)), "float64"
        self.traces = {(one.name, "float64"): self._as_written(one) for one in self.subjects}
        self.corrected: dict[Any, Trace] = {}

    def subject(self, name: str) -> Subject:
        return next(one for one in self.subjects if one.name == name)

    def _as_written(self, subject: Subject) -> Trace:
        return self.traced(subject.name, self.lab.all({0: self.tracing(subject.name, "float64")})[0])

    def tracing(self, side: str, _dtype: str, ones: Sequence[Intervention] = (), _names: Any = None) -> Asked:
        return self._asked(side, ones, 9)

    def probing(
        self, side: str, ones: Sequence[Intervention] = (), names: Sequence[str] = (), left_out: Sequence[str] = ()
    ) -> Asked:
        return replace(self._asked(side, ones, 1), names=tuple(names), left_out=tuple(left_out))

    def _asked(self, side: str, ones: Sequence[Intervention], steps: int) -> Asked:
        traits = {trait.name: trait.value for trait in self.subject(side).traits}
        for one in ones:
            if one.side == side:
                traits |= {trait.name: one.value for trait in one.traits}
        return Asked(side, traits, steps)

    def shown_on(self, rung: Climbed, ones: Sequence[Intervention]) -> bool:
        return any(rung not in cannot_show_on(one.trait) for one in ones)

    def traced(self, _side: str, trial: Any) -> Trace:
        return Trace(trial.arrays, "values", "float64")

    def gauge(self, _a: str, _b: str) -> NoGradient:
        return NoGradient()

    def common_floors(self, _dtype: str, _suspects: object = ()) -> dict[str, float]:
        return {}


def _key(trait: str) -> tuple[str, str]:
    return ("optimizer" if trait.startswith("optimizer") else "layer_1", trait)


def world(forward: Callable[[Mapping[str, float]], float], late: Callable[..., float] = lambda _t: 0.0) -> World:
    """A side whose outputs are a formula of its traits, and whose training adds another."""

    def gives(traits: Mapping[str, float]) -> dict[str, float]:
        f = forward(traits)
        end = f + late(traits)
        return {"forward": f, "loss": f, "step": f, "trajectory": end, "outcome": end, "dense_1": f, "dense_2": f}

    return gives


def searched(group: Group) -> tuple[dict[str, str], Search]:
    """The causes by trait, with the rung that tells; and the search."""
    search = Search(group, hypotheses(group.subjects))  # type: ignore[arg-type]
    return {one.intervention.trait.name: one.explains.rung for one in search.find()}, search


def same(forward: Any, late: Any = lambda _t: 0.0) -> dict[str, World]:
    """Both sides follow one formula."""
    return {"a": world(forward, late), "b": world(forward, late)}


def test_of_many_suspects_only_those_that_matter_are_causes() -> None:
    a = {"one": 0.0, "two": 0.0, "idle": 0.0, "optimizer rate": 1.0}
    group = Group(
        same(lambda t: t["one"] + t["two"] ** 2, lambda t: 1e-3 * t["optimizer rate"]),
        a,
        {"one": 0.1, "two": 0.2, "idle": 5.0, "optimizer rate": 2.0},
    )
    causes, _ = searched(group)
    assert causes == {"one": "forward", "two": "forward", "optimizer rate": "trajectory"}


def test_a_cause_that_the_forward_pass_tells_is_not_trained_to_the_end() -> None:
    group = Group(same(lambda t: t["one"]), {"one": 0.0, "idle": 0.0}, {"one": 0.1, "idle": 1.0})
    group.lab.asked.clear()
    causes, _ = searched(group)
    assert causes == {"one": "forward"}
    long = [one for one in group.lab.asked if one.steps > 1 and one.side == "b"]
    assert [one.traits for one in long] == [{"one": 0.0, "idle": 0.0}, {"one": 0.0, "idle": 1.0}], (
        "only the corrected side is trained, and once what did nothing up to one step"
    )


def test_a_cause_that_the_forward_pass_tells_is_asked_for_nothing_more() -> None:
    group = Group(same(lambda t: t["one"]), {"one": 0.0, "idle": 0.0}, {"one": 0.1, "idle": 1.0})
    searched(group)
    alone = [one for one in group.lab.asked if one.traits == {"one": 0.1, "idle": 0.0}]
    other = [one.names for one in group.lab.asked if one.traits == {"one": 0.0, "idle": 1.0}]
    assert [one.names for one in alone] == [("forward",)]
    assert "forward" not in alone[0].left_out, "ordinary inputs"
    assert set(alone[0].left_out) == FORWARD.keys() - {"forward"}, "and none but these"
    assert other == [("forward",), ("forward",), ("loss", "step"), ()], "the last for all of these together"


def test_what_is_about_running_statistics_is_tried_on_the_step_alone() -> None:
    a, b = {"one": 0.0, "batch-norm-momentum": 0.9}, {"one": 0.1, "batch-norm-momentum": 0.99}

    def gives(traits: Mapping[str, float]) -> dict[str, float]:
        f = traits["one"]
        return dict.fromkeys(("forward", "loss"), f) | dict.fromkeys(("step", "trajectory", "outcome"), f + traits[_BN])

    group = Group({"a": gives, "b": gives}, a, b)
    causes, search = searched(group)
    assert causes == {"one": "forward", _BN: "step"}
    assert [one.names for one in group.lab.asked if one.traits == {"one": 0.0, _BN: 0.99}] == [("step",)]
    assert all(one.explains.removed == 0 for one in search.find())


def test_what_does_nothing_in_the_first_step_is_found_where_it_does_later() -> None:
    """As a clipping does that is first reached after some steps."""
    start, late = {"one": 0.0, "late": 0.0, "idle": 0.0}, {"one": 0.1, "late": 0.2, "idle": 1.0}
    causes, search = searched(Group(same(lambda t: t["one"], lambda t: t["late"]), start, late))
    assert causes == {"one": "forward", "late": "trajectory"}
    assert not any("together" in one.explains.text for one in search.find())


def test_one_cause_does_not_hide_another() -> None:
    group = Group(
        same(lambda t: 0.0 if t["gate"] else t["inner"]), {"gate": 0.0, "inner": 0.0}, {"gate": 1.0, "inner": 0.3}
    )
    causes, _ = searched(group)
    assert causes == {"inner": "forward"}


def test_two_that_only_do_something_together_are_found_together() -> None:
    start = {"one": 0.0, "two": 0.0, "idle": 0.0}
    group = Group(same(lambda t: t["one"] * t["two"]), start, {"one": 1.0, "two": 1.0, "idle": 1.0})
    causes, search = searched(group)
    assert causes == {"one": "forward", "two": "forward"}
    assert all("together" in one.explains.text for one in search.find())


def test_a_known_cause_is_found_beside_an_unknown_difference() -> None:
    worlds = {"a": world(lambda t: t["one"]), "b": world(lambda t: t["one"] + 0.7)}
    group = Group(worlds, {"one": 0.0, "idle": 0.0}, {"one": 0.1, "idle": 1.0})
    causes, search = searched(group)
    assert causes == {"one": "forward"}
    (found,) = search.find()
    assert "for another reason as well" in found.explains.text
    assert found.explains.present == pytest.approx(0.1 / 1.7, rel=1e-6)


def test_a_suspect_that_was_read_wrongly_is_dropped() -> None:
    """Taking `wrong` out moves a layer away that agreed: the sides have it in other words."""
    worlds = {"a": world(lambda t: t["one"]), "b": world(lambda t: t["one"] + (0.5 if t["wrong"] == 0.0 else 0.0))}
    group = Group(worlds, {"one": 0.0, "wrong": 0.0}, {"one": 0.1, "wrong": 1.0})
    causes, search = searched(group)
    assert causes == {"one": "forward"}
    assert [one.trait.name for one in search.suspects] == ["one"]


def test_a_suspect_that_breaks_the_side_is_dropped_and_the_others_are_still_judged() -> None:
    def breaks(traits: Mapping[str, float]) -> dict[str, float]:
        if traits["shape"] == 0.0:
            raise ParagoneError("shapes do not fit")
        return dict(world(lambda t: t["one"])(traits))

    group = Group({"a": world(lambda t: t["one"]), "b": breaks}, {"one": 0.0, "shape": 0.0}, {"one": 0.1, "shape": 1.0})
    causes, search = searched(group)
    assert causes == {"one": "forward"}
    assert [one.trait.name for one in search.suspects] == ["one"]


def test_without_suspects_nothing_is_asked() -> None:
    group = Group(same(lambda t: t["one"]), {"one": 0.0}, {"one": 0.0})
    group.lab.asked.clear()
    assert searched(group)[0] == {}
    assert group.lab.asked == []
