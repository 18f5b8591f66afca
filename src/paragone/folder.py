"""The folder of a run: made or found again, locked, and filled."""

from __future__ import annotations

import csv
import fcntl
import io
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from paragone.errors import InputError
from paragone.records import Run
from paragone.saved import RECORD
from paragone.sides.scan import SideFile
from paragone.trials import write_whole

_LOCK = ".paragone"


@contextmanager
def run_folder(folder: Path, *, fresh: bool) -> Iterator[Path]:
    """The run's folder, for this process alone while the block runs.

    Args:
        folder: made if it is not there.
        fresh: forget the finished trials in it.

    Raises:
        InputError: it cannot be written, holds something else, or another process works in it.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise _unusable(folder, "a file of that name")
        if folder.exists() and any(folder.iterdir()) and not (folder / _LOCK).exists():
            raise _unusable(folder, "a folder that is not empty and was not made by a run")
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _LOCK).open("w") as lock:
            _take(lock, folder)
            if fresh:
                shutil.rmtree(folder / "trials", ignore_errors=True)
            yield folder
    except OSError as error:
        raise _unusable(folder, error.strerror or str(error)) from error


def _take(lock: io.TextIOWrapper, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise InputError(
            "Another run is at work in this folder.",
            where=f"--out {folder}",
            expected="a folder that no other process works in",
            next_step="wait for it to end, or choose another --out",
        ) from None


def _unusable(folder: Path, received: str) -> InputError:
    return InputError(
        "The run's folder cannot be used.",
        where=f"--out {folder}",
        expected="a folder of an earlier run, or a new one in a place that can be written to",
        received=received,
        next_step="choose another --out",
    )


def save_sides(folder: Path, sides: Sequence[SideFile]) -> None:
    """Keep the sides as they were run."""
    target = folder / "sides"
    target.mkdir(exist_ok=True)
    for side in sides:
        write_whole(target / f"{_plain(side.name)}-{side.path.name}", side.code.encode())


def save_run(folder: Path, run: Run) -> None:
    """Write the record and the raw samples."""
    samples = folder / "samples"
    samples.mkdir(exist_ok=True)
    write_whole(samples / "timing.csv", _timing_rows(run).encode())
    write_whole(samples / "outcomes.csv", _outcome_rows(run).encode())
    write_whole(folder / RECORD, (run.model_dump_json(by_alias=True, indent=1) + "\n").encode())


def _timing_rows(run: Run) -> str:
    rows: list[list[object]] = [["side", "track", "set", "block", "step_s"]]
    for contender in run.timings.contenders if run.timings else ():
        for one in contender.sets:
            rows += [[contender.side, contender.track, one.set, i, t] for i, t in enumerate(one.block_step_s)]
    return _csv(rows)


def _outcome_rows(run: Run) -> str:
    rows: list[list[object]] = [["side", "variant", "seed", "test_loss", "accuracy"]]
    for outcome in run.proof.outcomes if run.proof else ():
        accuracies = outcome.accuracy or [""] * len(outcome.loss)
        rows += [
            [outcome.side, outcome.variant, seed, loss, accuracy]
            for seed, loss, accuracy in zip(outcome.seeds, outcome.loss, accuracies, strict=True)
        ]
    return _csv(rows)


def _csv(rows: list[list[object]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
