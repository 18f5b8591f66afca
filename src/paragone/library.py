"""The verbs for use from Python: the same as the commands, giving records instead of printing them."""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paragone.errors import NotSameError
from paragone.progress import Progress, Silent

if TYPE_CHECKING:
    from paragone.options import CompareOptions
    from paragone.records import Run


def compare(
    *sides: str | Path,
    data: str | Path | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Run:
    """Compare sides, as `paragone compare` does.

    Args:
        sides: the sides' files, each `file.py` or `file.py:NAME`; or one task.
        data: a built-in name, a file, or `module:function`; None for the task's own.
        out: the run's folder; `runs/<name>` if None. An interrupted run goes on there.
        progress: where the stages report to.
        options: any other option of the command, by its name in `paragone.options.CompareOptions`.

    Returns:
        The record, which shows itself as a page in Jupyter.

    Raises:
        InputError: something that was given cannot be used.
    """
    from paragone.run import compare_run

    wanted = _options(sides, data, out, options)
    run = compare_run(wanted, progress or Silent())
    _remember(run, wanted)
    return run


def assert_same(
    a: str | Path,
    b: str | Path,
    *more: str | Path,
    data: str | Path | None = None,
    out: str | Path | None = None,
    **options: Any,
) -> Run:
    """Assert that sides are the same task; for tests.

    Args:
        a: a side's file, `file.py` or `file.py:NAME`.
        b: another.
        more: and others.
        data: a built-in name, a file, or `module:function`.
        out: the run's folder, with the page and the certificate; if None, nothing is kept.
        options: any other option of `paragone prove`, by its name in `paragone.options.CompareOptions`.

    Returns:
        The record.

    Raises:
        NotSameError: they are not the same, or it was not shown: an `AssertionError` with the report's text.
        InputError: something that was given cannot be used.
    """
    __tracebackhide__ = True
    from paragone.report.assertion import failure_text
    from paragone.run import prove_run

    wanted = _options((a, b, *more), data, out, options)
    with tempfile.TemporaryDirectory(prefix="paragone-") as scratch:
        kept = wanted.folder if out is not None else None
        run = prove_run(wanted if kept else replace(wanted, out=Path(scratch) / wanted.name), Silent())
    if kept:
        _remember(run, wanted)
    if run.proof is None or run.proof.verdict != "same":
        raise NotSameError(failure_text(run, kept), run)
    return run


def check(folder: str | Path, *, again: bool = False) -> Any:
    """Check the certificate of a run, as `paragone check` does.

    Args:
        folder: of the run.
        again: run the proof again, from the folder alone; that runs the code of its sides.

    Returns:
        A `paragone.records.certificate.Checked`; `holds` says whether all is as it was.

    Raises:
        InputError: there is no certificate, or something in the folder is nothing that a run would have left.
    """
    from paragone.certify.check import check as check_folder

    return check_folder(Path(folder), again=again)


def load(folder: str | Path) -> Run:
    """Read the record of an earlier run.

    Raises:
        InputError: there is none, or it is damaged.
    """
    from paragone.saved import read_run

    return read_run(Path(folder))


def _remember(run: Run, options: CompareOptions) -> None:
    """Keep the run in the history; a history that cannot be used is a warning."""
    from paragone.history import remember

    if options.history and (why_not := remember(run, options.folder)):
        warnings.warn(why_not, stacklevel=3)


def _options(
    sides: tuple[str | Path, ...], data: str | Path | None, out: str | Path | None, options: dict[str, Any]
) -> CompareOptions:
    from paragone.errors import InputError
    from paragone.options import CompareOptions

    known = set(CompareOptions.__dataclass_fields__) - {"sides", "data", "out"}
    if unknown := sorted(options.keys() - known):
        raise InputError(
            f"There is no option {unknown[0]}.",
            where=unknown[0],
            expected=", ".join(sorted(known)),
            received=", ".join(unknown),
        )
    try:
        return CompareOptions(
            sides=tuple(str(side) for side in sides),
            data=None if data is None else str(data),
            out=None if out is None else Path(out),
            **options,
        )
    except TypeError as error:
        raise InputError(
            "An option has a value of the wrong kind.",
            where=", ".join(sorted(options)),
            expected="the types of paragone.options.CompareOptions",
            received=str(error),
        ) from None
