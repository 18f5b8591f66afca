"""Two runs beside each other: what changed is told, what did not is not, and unlike machines are refused."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from paragone.cli import cli
from paragone.diff import diff_runs
from paragone.folder import save_run
from paragone.measure.looks import looks
from paragone.measure.statistics import Certainty, Pairing, compare
from paragone.measure.stopping import decided
from paragone.records import Change, Ratio

from .report import sample

STEP = Pairing("torch_side", "jax_side", "idiomatic", "step")
PLANNED = looks(12)


def ratio(times: float, dice: np.random.Generator, spread: float = 0.02) -> Ratio:
    """The ratio of a run that ends as runs end."""
    logs = math.log(times) + spread * dice.standard_normal(PLANNED.last)
    for sets in PLANNED.at:
        found = compare(STEP, logs[:sets].tolist(), Certainty(share=PLANNED.share(sets)))
        if decided(found):
            break
    return found


def saved(folder: Path, *ratios: Ratio, **update: Any) -> Path:
    run = sample.timed_alone()
    assert run.timings is not None
    timings = run.timings.model_copy(update={"ratios": ratios})
    folder.mkdir()
    save_run(folder, run.model_copy(update={"name": folder.name, "timings": timings} | update))
    return folder


def change(tmp_path: Path, first: Ratio, second: Ratio) -> Change:
    (found,) = diff_runs(saved(tmp_path / "before", first), saved(tmp_path / "after", second)).changes
    return found


def test_runs_in_unlike_precisions_are_refused(tmp_path: Path) -> None:
    dice = np.random.default_rng(0)
    task = sample.timed_alone().task.model_copy(update={"precision": "bfloat16"})
    first = saved(tmp_path / "before", ratio(1.5, dice))
    second = saved(tmp_path / "after", ratio(1.5, dice), task=task)
    done = CliRunner().invoke(cli, ["diff", str(first), str(second)])
    assert done.exit_code == 2
    assert "received: float32 and bfloat16" in done.output


def test_a_change_is_told_with_its_interval(tmp_path: Path) -> None:
    dice = np.random.default_rng(0)
    found = change(tmp_path, ratio(1.5, dice), ratio(2.0, dice))
    assert found.verdict == "changed"
    assert found.low < 4 / 3 < found.high
    assert found.change == pytest.approx(found.second / found.first)
    assert "it changed: 1.3" in found.sentence


def test_what_did_not_change_says_what_is_excluded(tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    found = change(tmp_path, ratio(1.5, dice), ratio(1.5, dice))
    assert found.verdict == "no change seen"
    assert found.apart == pytest.approx(max(found.high, 1 / found.low) - 1)
    assert "no change was seen, and there is none above" in found.sentence


def test_a_machine_that_became_slower_changes_no_ratio(tmp_path: Path) -> None:
    """Only log-ratios are looked at: times of the two runs are not."""
    one = ratio(1.5, np.random.default_rng(2))
    assert change(tmp_path, one, one).change == pytest.approx(1)


def test_runs_that_ended_at_looks_of_their_choice_keep_the_level() -> None:
    from paragone.diff import _change

    dice = np.random.default_rng(3)
    verdicts = [_change(ratio(1.05, dice), ratio(1.05, dice)).verdict for _ in range(4000)]
    assert verdicts.count("changed") <= 40  # nominal 1 %; the intervals are made for the worst case
    seen = [_change(ratio(1.05, dice), ratio(1.3, dice)).verdict for _ in range(200)]
    assert seen.count("changed") > 190


def test_a_withheld_verdict_stays_withheld(tmp_path: Path) -> None:
    dice = np.random.default_rng(4)
    held = ratio(1.5, dice).model_copy(update={"verdict": "withheld"})
    assert change(tmp_path, held, ratio(3.0, dice)).verdict == "withheld"


def call(*words: str | Path) -> Any:
    return CliRunner().invoke(cli, ["diff", *map(str, words)], prog_name="paragone")


def test_the_command_prints_sentences_or_the_record(tmp_path: Path) -> None:
    dice = np.random.default_rng(5)
    sides = sample.timed_alone().sides
    changed = (sides[0].model_copy(update={"sha256": "0" * 64}), *sides[1:])
    before = saved(tmp_path / "before", ratio(1.5, dice))
    after = saved(tmp_path / "after", ratio(2.0, dice), sides=changed)
    answer = call(before, after)
    assert answer.exit_code == 0
    title, sentence, note = answer.stdout.splitlines()
    assert title == "From before to after:"
    assert sentence.startswith("step of torch_side ÷ jax_side (idiomatic): 1.")
    assert note == "note: the file of keras_side is not the same"
    record = json.loads(call(before, after, "--json").stdout)
    assert record["changes"][0]["verdict"] == "changed"
    assert record["otherwise"] == ["the file of keras_side is not the same"]


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ({"machine": {"cores": 64}}, "cores: 2 and 64"),
        ({"ratios": ()}, "No pair of sides was timed in both runs."),
        (None, "There is no record of a run here."),
    ],
)
def test_what_cannot_be_compared_ends_with_2_and_says_why(
    tmp_path: Path, second: dict[str, Any] | None, says: str
) -> None:
    one, run = ratio(1.5, np.random.default_rng(6)), sample.timed_alone()
    saved(tmp_path / "before", one)
    if second is not None and "machine" in second:
        run = run.model_copy(update={"machine": run.machine.model_copy(update=second["machine"])})
        saved(tmp_path / "after", one, machine=run.machine)
    elif second is not None:
        saved(tmp_path / "after")
    answer = call(tmp_path / "before", tmp_path / "after")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert says in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_record_of_an_earlier_version_has_no_alpha_and_can_be_compared(tmp_path: Path) -> None:
    one = ratio(1.5, np.random.default_rng(7)).model_copy(update={"alpha": None})
    assert change(tmp_path, one, one).alpha == pytest.approx(0.01)
