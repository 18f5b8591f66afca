"""The folder of a run: made or found again, locked, and filled."""

from __future__ import annotations

import csv
import errno
import fcntl
import io
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

from paragone.errors import InputError, shareable
from paragone.records import Run
from paragone.saved import RECORD
from paragone.sides.scan import SideFile
from paragone.trials import write_whole

LOGS = "logs"
SIDES = "sides"
CERTIFICATE = "certificate.json"
GIVEN_MAPPING = "given-mapping.toml"
SAMPLES = "samples"
_LOCK = ".paragone"
_LOG_BYTES = 2**20
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


@contextmanager
def run_folder(folder: Path, *, fresh: bool) -> Iterator[Path]:
    """The run's folder, for this process alone while the block runs.

    Args:
        folder: made if it is not there.
        fresh: forget the finished trials in it.

    Raises:
        InputError: it cannot be written, holds something else, or another process works in it.
    """
    with _made(folder).open("w") as lock:
        _take(lock, folder)
        if fresh:
            shutil.rmtree(folder / "trials", ignore_errors=True)
        shutil.rmtree(folder / "exchange", ignore_errors=True)
        try:
            yield folder
        except OSError as error:
            if not _concerns(folder, error):
                raise
            raise _unusable(folder, error.strerror or str(error)) from error


def _concerns(folder: Path, error: OSError) -> bool:
    """Whether the disk is full, or a file of the folder cannot be used; other errors are none of the folder's."""
    name = error.filename if isinstance(error.filename, str) else ""
    return error.errno in FULL or (bool(name) and Path(name).resolve().is_relative_to(folder.resolve()))


def _made(folder: Path) -> Path:
    """The lock of the folder, which is made if it is not there."""
    try:
        if folder.exists() and not folder.is_dir():
            raise _unusable(folder, "a file of that name")
        if folder.exists() and any(folder.iterdir()) and not (folder / _LOCK).exists():
            raise _unusable(folder, "a folder that is not empty and was not made by a run")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _LOCK).touch()
        if not os.access(folder, os.W_OK | os.X_OK):
            raise _unusable(folder, "a folder that cannot be written to")
    except OSError as error:
        raise _unusable(folder, error.strerror or str(error)) from error
    return folder / _LOCK


def _take(lock: io.TextIOWrapper, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError(
            "Another run is at work in this folder.",
            where=f"--out {folder}",
            expected="a folder that no other process works in",
            next_step="wait for it to end, or choose another --out",
        ) from None
    except OSError as error:
        raise _unusable(folder, f"no locks: {error.strerror}") from error


def _unusable(folder: Path, received: str) -> InputError:
    return InputError(
        "The run's folder cannot be used.",
        where=f"--out {folder}",
        expected="a folder of an earlier run, or a new one in a place that can be written to",
        received=received,
        next_step="choose another --out",
    )


def save_sides(folder: Path, sides: Sequence[SideFile]) -> None:
    """Keep the sides as they were run, each in a folder of its own with the modules beside it that it imports."""
    if not any(side.path.resolve().is_relative_to((folder / SIDES).resolve()) for side in sides):
        shutil.rmtree(folder / SIDES, ignore_errors=True)
    for side in sides:
        path = folder / side_path(side)
        for target, text in ((path, side.code), *((path.parent / name, text) for name, text in side.beside)):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, text.encode())


def save_mapping(folder: Path, given: Path | None) -> None:
    """Keep the mapping file that was given; one that cannot be read is refused where it is used."""
    kept = folder / GIVEN_MAPPING
    kept.unlink(missing_ok=True)
    if given is not None and given.is_file():
        write_whole(kept, given.read_bytes())


def side_path(side: SideFile) -> str:
    """Where a side is kept in the run's folder."""
    return f"{SIDES}/{_plain(side.name)}/{side.path.name}"


def save_run(folder: Path, run: Run) -> None:
    """Write the record and the raw samples."""
    samples = folder / SAMPLES
    samples.mkdir(exist_ok=True)
    write_whole(samples / "timing.csv", _timing_rows(run).encode())
    if any(one.latency_s for one in (run.timings.contenders if run.timings else ())):
        write_whole(samples / "inference.csv", _inference_rows(run).encode())
    if any(one.epoch_s for one in (run.timings.contenders if run.timings else ())):
        write_whole(samples / "epochs.csv", _epoch_rows(run).encode())
    if any(one.quality for one in (run.timings.contenders if run.timings else ())):
        write_whole(samples / "quality.csv", _quality_rows(run).encode())
    if run.sweep is not None:
        write_whole(samples / "sweep.csv", _sweep_rows(run).encode())
    write_whole(samples / "outcomes.csv", _outcome_rows(run).encode())
    write_whole(folder / RECORD, (run.model_dump_json(by_alias=True, indent=1) + "\n").encode())


def share_logs(folder: Path) -> None:
    """Make the workers' logs fit to be shared: without absolute paths, and the last part of a very long one."""
    for log in (folder / LOGS).glob("*.log"):
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - _LOG_BYTES))
            text = stream.read().decode(errors="replace")
        write_whole(log, shareable(text).encode())


def _timing_rows(run: Run) -> str:
    rows: list[list[object]] = [["side", "track", "set", "block", "step_s"]]
    for contender in run.timings.contenders if run.timings else ():
        for one in contender.sets:
            rows += [[contender.side, contender.track, one.set, i, t] for i, t in enumerate(one.block_step_s)]
    return _csv(rows)


def _inference_rows(run: Run) -> str:
    rows: list[list[object]] = [["side", "track", "set", "batch_size", "block", "call_s"]]
    for contender in run.timings.contenders if run.timings else ():
        for one in contender.sets:
            for at in one.inference:
                place = [contender.side, contender.track, one.set, at.batch_size]
                rows += [[*place, i, t] for i, t in enumerate(at.block_call_s)]
    return _csv(rows)


def _epoch_rows(run: Run) -> str:
    rows: list[list[object]] = [["side", "track", "set", "block", "epoch_s", "pipeline_s"]]
    for contender in run.timings.contenders if run.timings else ():
        for one in contender.sets:
            if one.epoch is not None:
                place = [contender.side, contender.track, one.set]
                pairs = zip_longest(one.epoch.block_epoch_s, one.epoch.block_pipeline_s, fillvalue="")
                rows += [[*place, i, *pair] for i, pair in enumerate(pairs)]
    return _csv(rows)


def _quality_rows(run: Run) -> str:
    rows: list[list[object]] = [["side", "track", "set", "seed", "epoch", "train_s", "value"]]
    for contender in run.timings.contenders if run.timings else ():
        for one in contender.sets:
            if one.until is not None:
                place = [contender.side, contender.track, one.set, one.until.seed]
                epochs = enumerate(zip(one.until.epoch_s, one.until.values, strict=True))
                rows += [[*place, i + 1, s, "" if value is None else value] for i, (s, value) in epochs]
    return _csv(rows)


def _sweep_rows(run: Run) -> str:
    rows: list[list[object]] = [["side", "track", "size", "set", "twin", "block", "step_s"]]
    for one in run.sweep.growth if run.sweep else ():
        for size in one.sizes:
            for process in size.processes:
                place = [one.side, one.track, size.size, process.set, int(process.twin)]
                rows += [[*place, i, t] for i, t in enumerate(process.block_step_s)]
    return _csv(rows)


def _outcome_rows(run: Run) -> str:
    rows: list[list[object]] = [["side", "variant", "seed", "test_loss", "accuracy", "training_loss"]]
    for outcome in run.proof.outcomes if run.proof else ():
        absent = [""] * len(outcome.loss)
        columns = (outcome.loss, outcome.accuracy or absent, outcome.training_loss or absent)
        rows += [[outcome.side, outcome.variant, *values] for values in zip(outcome.seeds, *columns, strict=True)]
    return _csv(rows)


def _csv(rows: list[list[object]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
