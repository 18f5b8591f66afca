"""The curves of a run, as TensorBoard finds them: a folder a run, in it one for each side, track and pair."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner
from tests.report import sample
from tests.report.sample_load import loaded_alone
from tests.report.sample_sweep import swept_run

from paragone.cli import cli
from paragone.curves import check_place, save_curves
from paragone.curves.save import plain
from paragone.curves.series import points
from paragone.errors import InputError
from paragone.folder import save_run
from paragone.job import open_job
from paragone.options import CompareOptions
from paragone.progress import Silent
from paragone.records import Epoch, Inference, Run, Until


@pytest.fixture
def scalars(monkeypatch: pytest.MonkeyPatch) -> Any:
    """TensorBoard's own multiplexer over a folder: `{line: {tag: [(step, value)]}}`, without TensorFlow."""
    monkeypatch.setitem(sys.modules, "tensorboard.compat.notf", ModuleType("tensorboard.compat.notf"))
    from tensorboard.backend.event_processing.event_accumulator import SCALARS
    from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer

    def read(folder: Path) -> dict[str, dict[str, list[tuple[int, float]]]]:
        found = EventMultiplexer(size_guidance={SCALARS: 0}).AddRunsFromDirectory(str(folder)).Reload()
        return {
            line: {tag: [(one.step, one.value) for one in found.Scalars(line, tag)] for tag in tags["scalars"]}
            for line, tags in ((line, found.GetAccumulator(line).Tags()) for line in found.Runs())
        }

    return read


def test_every_framework_has_the_same_curves_and_their_figures(tmp_path: Path, scalars: Any) -> None:
    run = sample.full_run()
    assert run.proof is not None
    assert run.timings is not None
    found = scalars(save_curves(run, tmp_path))
    for side in sample.NAMES:
        curve = next(c for c in run.proof.curves if (c.side, c.dtype, c.corrected) == (side, "float64", False))
        loss = found[side]["training loss/float64"]
        assert loss == [(step, pytest.approx(value, rel=1e-6)) for step, value in enumerate(curve.loss)]
        timed = next(one for one in run.timings.contenders if one.side == side)
        timing = found[f"{side}, {timed.track}"]
        blocks = [value for one in timed.sets for value in one.block_step_s]
        assert [value for _, value in timing["step by block/seconds"]] == pytest.approx(blocks, rel=1e-6)
        peaks = [one.memory_bytes.peak / 2**20 for one in timed.sets]
        assert [value for _, value in timing["memory by set/peak (MiB)"]] == pytest.approx(peaks, rel=1e-6)
        assert set(found[side]) == set(found["torch_side"])
    ratio = run.timings.ratios[0]
    shown = found[f"{ratio.a} over {ratio.b}, {ratio.track}"][f"ratio by set/{ratio.quantity}"]
    assert [math.log(value) for _, value in shown] == pytest.approx(list(ratio.log_ratios), abs=1e-6)


def test_a_sweep_is_drawn_along_its_sizes(tmp_path: Path, scalars: Any) -> None:
    run = swept_run()
    assert run.sweep is not None
    found = scalars(save_curves(run, tmp_path))
    for growth in run.sweep.growth:
        curve = found[f"{growth.side}, {growth.track}"]["step by batch size/seconds"]
        assert curve == [(one.size, pytest.approx(one.step_s.mid, rel=1e-6)) for one in growth.sizes if one.step_s]
    pair = run.sweep.pairs[0]
    ratios = found[f"{pair.a} over {pair.b}, {pair.track}"]
    for tag, name in (("step", "ratio"), ("step, low", "low"), ("step, high", "high")):
        values = [getattr(one.ratio, name) for one in pair.ratios]
        assert [value for _, value in ratios[f"ratio by batch size/{tag}"]] == pytest.approx(values, rel=1e-6)


def test_calls_of_inference_are_curves_by_batch_size() -> None:
    run = sample.timed_alone(1)
    assert run.timings is not None
    (timed,) = run.timings.contenders
    calls = [Inference(batch_size=size, ready_s=1, warmup_s=1, warm=True, calls_per_block=9, block_call_s=(0.25, 0.5),
                       spent_s=2) for size in (1, 64)]  # fmt: skip
    sets = tuple(one.model_copy(update={"inference": tuple(calls)}) for one in timed.sets)
    timings = run.timings.model_copy(update={"contenders": (timed.model_copy(update={"sets": sets}),)})
    found = [point for _, point in points(run.model_copy(update={"timings": timings}))]
    for size in (1, 64):
        values = [one.value for one in found if one.tag == f"inference by block/batch of {size} (seconds a call)"]
        assert values == [0.25, 0.5] * len(sets)


def test_epochs_and_what_was_reached_after_each_are_curves() -> None:
    run = sample.timed_alone(1)
    assert run.timings is not None
    (timed,) = run.timings.contenders
    epoch = Epoch(batches=9, block_epoch_s=(2.0, 3.0), block_pipeline_s=(0.5,), spent_s=9)
    until = Until(seed=1, batches=9, reached=True, epoch_s=(4.0, 2.0), values=(None, 0.9), evaluate_s=1, ready_s=1)
    sets = tuple(one.model_copy(update={"epoch": epoch, "until": until}) for one in timed.sets)
    timings = run.timings.model_copy(update={"contenders": (timed.model_copy(update={"sets": sets}),)})
    found: dict[tuple[str, str], list[float]] = {}
    for line, point in points(run.model_copy(update={"timings": timings})):
        found.setdefault((line, point.tag), []).append(point.value)
    line = f"{timed.side}, {timed.track}"
    assert found[line, "epoch by block/seconds"] == [2.0, 3.0] * len(sets)
    assert found[line, "epoch by block/seconds of the data pipeline alone"] == [0.5] * len(sets)
    for number in range(1, len(sets) + 1):
        assert found[f"{line}, process {number}", "training by epoch/seconds"] == [4.0, 2.0]
        assert found[f"{line}, process {number}", "training by epoch/test metric"] == [0.9]


def test_servers_under_load_are_curves_along_the_rates() -> None:
    run = loaded_alone()
    assert run.load is not None
    (server, *_), found = run.load.servers, list(points(run))
    for number in {one.run for one in server.runs}:
        line = f"{server.side}: {server.target}, run {number + 1}"
        told = [point for at, point in found if at == line and point.tag == "under load by rate/p99 (seconds)"]
        wanted = sorted((one.rate_per_s, one.p99_s) for one in server.runs if one.run == number)
        assert [(point.step, point.value) for point in told] == [(round(rate), took) for rate, took in wanted]


@pytest.mark.parametrize("made", [sample.full_run, swept_run, loaded_alone])
def test_the_steps_of_a_curve_go_up(made: Callable[[], Run]) -> None:
    steps: dict[tuple[str, str], list[int]] = {}
    for line, point in points(made()):
        steps.setdefault((line, point.tag), []).append(point.step)
    assert all(found == sorted(set(found)) for found in steps.values())


def test_the_same_record_gives_the_same_files_and_another_run_lies_beside_it(tmp_path: Path) -> None:
    run = sample.timed_alone()
    own = save_curves(run, tmp_path)
    before = {path: path.read_bytes() for path in own.rglob("*tfevents*")}
    assert save_curves(run, tmp_path) == own
    assert {path: path.read_bytes() for path in own.rglob("*tfevents*")} == before
    assert save_curves(run.model_copy(update={"created": "2030-01-01T00:00:00+00:00"}), tmp_path) != own


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("torch_side", "torch_side"),
        ("a/../../b", "a .. .. b"),
        ("..", "unnamed"),
        (" .hidden\n", "hidden"),
        ("größe ÷ 2", "größe 2"),
        ("x" * 300, "x" * 80),
    ],
)
def test_names_are_folders_that_lead_nowhere_else(name: str, folder: str) -> None:
    assert plain(name) == folder


def test_lines_whose_folders_would_be_one_are_numbered(tmp_path: Path) -> None:
    run = sample.timed_alone(2)
    assert run.timings is not None
    renamed = [
        one.model_copy(update={"side": side}) for one, side in zip(run.timings.contenders, ("a?", "A!"), strict=True)
    ]
    timings = run.timings.model_copy(update={"contenders": tuple(renamed), "ratios": ()})
    own = save_curves(run.model_copy(update={"timings": timings}), tmp_path)
    assert sorted(path.name for path in own.iterdir()) == ["A , idiomatic-2", "a , idiomatic"]


def test_a_place_that_cannot_take_files_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    check_place(tmp_path / "new" / "folder")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match="event files cannot be written") as caught:
            check_place(place)
        assert caught.value.where == f"--tensorboard {place}"
    options = CompareOptions(sides=("nowhere.py",), tensorboard=tmp_path / "file")
    with pytest.raises(InputError, match="event files"), open_job(options, Silent()):
        pass


def test_report_writes_the_curves_of_a_record(tmp_path: Path) -> None:
    save_run(tmp_path, sample.timed_alone())
    words = ["report", str(tmp_path), "--tensorboard", str(tmp_path / "board")]
    assert CliRunner().invoke(cli, words, prog_name="paragone").exit_code == 0
    assert len(list((tmp_path / "board").rglob("*tfevents*"))) > 3
