"""Sides of a task are not asked for inputs of another size than the task says; sides of a user's own are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from paragone.prove.group import Group
from paragone.prove.laboratory import Laboratory
from paragone.prove.notes import notes
from paragone.prove.plan import plan_proof
from paragone.prove.subject import Subject
from paragone.prove.tolerances import FLOOR_RUNS

from .subjects import make_subject


def group_of(*, written: tuple[bool, bool]) -> Group:
    subjects: list[Subject] = []
    for name, ours in zip(("a", "b"), written, strict=True):
        one = make_subject(name, weights={"dense_1/kernel_io": [2, 2]})
        subjects.append(replace(one, file=replace(one.file, weight_map="{}" if ours else "")))
    return Group(subjects, cast(Laboratory, None), plan_proof(subjects, 5, 0, FLOOR_RUNS))


@pytest.mark.parametrize(("written", "tried"), [((True, True), False), ((True, False), True), ((False, False), True)])
def test_another_size_is_tried_where_a_side_is_the_users_own(*, written: tuple[bool, bool], tried: bool) -> None:
    group = group_of(written=written)
    for experiment in (group.tracing("a", "float64"), group.probing("a"), group.flooring("a", "float64")):
        asked: Any = experiment.arguments
        assert ("forward_size" not in asked["left_out"]) is tried
    told = notes(group.plan, group.subjects, [group])
    assert any("shorter by one were not compared" in note for note in told) is not tried
