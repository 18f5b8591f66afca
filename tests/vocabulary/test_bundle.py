"""A bundle is its cases side by side: each branch computes what its case computes alone, and is judged alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from . import suite
from .bundle import bundled, parted, whole
from .check import faults
from .lab import FRAMEWORKS, Case, Ran, draw, prepared, ran_in, run_in
from .suite import Verdict, verdicts
from .words import drawn
from .words_learning import drawn as drawn_learning


def several() -> list[Case]:
    cases = [case for word in ("dense", "lstm", "batch_norm", "padding_mask", "subtract") for case in drawn(word, 2)]
    losses = [*drawn_learning("loss", "gaussian_kl", 1), *drawn_learning("loss", "huber", 1)]
    alike = {"optimizer": cases[0].table["optimizer"]}
    return [*cases, *(replace(case, table={**case.table, **alike}) for case in losses)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them alone and in a bundle, in PyTorch, which is the quickest."""
    home = tmp_path_factory.mktemp("bundle")
    cases = [*several(), bundled(several(), "together")]
    for case in cases:
        prepared(case, home)
    run_in("torch", [case.job(home) for case in cases], home)
    return home


def test_a_branch_computes_what_its_case_computes_alone(folder: Path) -> None:
    together = ran_in(folder / "together", "torch")
    assert not together.error
    branches = parted(bundled(several(), "together"), together)
    losses = 0.0
    for case, branch in zip(several(), branches, strict=True):
        alone = dict(ran_in(folder / case.name, "torch").arrays)
        losses += float(alone.pop("loss")[0])
        alone.pop("curve")
        assert set(branch.arrays) == set(alone), case.name
        for name, array in alone.items():
            np.testing.assert_allclose(
                branch.arrays[name], array, rtol=1e-12, atol=1e-14, err_msg=f"{case.name} {name}"
            )
    assert whole(together).arrays["loss"][0] == pytest.approx(losses, rel=1e-12)


def test_a_branch_is_drawn_as_its_case_is() -> None:
    data, weights = draw(bundled(several(), "together"))
    for place, case in enumerate(several()):
        for found, own in zip((data, weights), draw(case), strict=True):
            for name, array in own.items():
                np.testing.assert_array_equal(found[f"c{place}_{name}"], array)


@pytest.mark.parametrize("seed", range(20))
def test_the_bad_branches_are_found(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever cases differ, fail, or only add to the sum of the loss: these alone, and none that heals."""
    cases = drawn("softplus", 11)
    rng = np.random.default_rng(seed)
    wrong, failing, hidden = (
        {case.name for case in rng.choice(np.array(cases, object), rng.integers(0, 3), replace=False)} for _ in range(3)
    )
    healing = {case.name for case in cases if rng.random() < 0.2}
    made: dict[str, Case] = {}

    def prepare(case: Case, folder: Path) -> None:
        (folder / case.name).mkdir()
        made[str(folder / case.name)] = case

    def answer(framework: str, case: Case) -> Ran:
        arrays, loss = {}, 0.0
        for place, part in enumerate(case.parts or (case,)):
            sick = framework == "jax" and not (part.name in healing and part.optimised)
            if part.name in failing and sick:
                return Ran({}, "no_such")
            arrays[f"forward/{place}"] = np.ones(3) * (1.001 if part.name in wrong and sick else 1.0)
            loss += 1.001 if part.name in hidden and sick else 1.0
        return Ran({**arrays, "loss": np.array([loss])})

    monkeypatch.setattr(suite, "within_floor", lambda *_: {})
    monkeypatch.setattr(suite, "prepared", prepare)
    monkeypatch.setattr(suite, "run_all", lambda *_: None)
    monkeypatch.setattr(suite, "results", lambda home: {name: answer(name, made[str(home)]) for name in FRAMEWORKS})
    found = verdicts(cases, lambda _case, ran, *_: faults(ran))
    assert set(found) == {case.name for case in cases}
    assert {name for name, verdict in found.items() if verdict.faults} == (wrong | failing | hidden) - healing


def test_each_framework_is_in_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """A framework whose process leaves nothing is a fault."""
    monkeypatch.setattr(suite, "run_all", lambda *_: None)
    monkeypatch.setattr(suite, "within_floor", lambda *_: {})
    found: dict[str, Verdict] = verdicts(drawn("dense", 2), lambda _case, ran, *_: faults(ran))
    for verdict in found.values():
        assert [fault.partition(":")[0] for fault in verdict.faults] == list(FRAMEWORKS)


def test_cases_that_learn_in_different_ways_are_no_bundle() -> None:
    with pytest.raises(ValueError, match="alike"):
        bundled([*drawn("dense", 1), *drawn_learning("optimizer", "adam", 1)], "together")
