"""The verbs for use from Python: the same as the commands, giving records instead of printing them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from paragone.progress import Progress, Silent

if TYPE_CHECKING:
    from paragone.records import Run


def compare(
    *sides: str | Path,
    data: str | Path,
    out: str | Path | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Run:
    """Compare sides, as `paragone compare` does.

    Args:
        sides: the sides' files, each `file.py` or `file.py:NAME`.
        data: a built-in name, a file, or `module:function`.
        out: the run's folder; `runs/<name>` if None. An interrupted run goes on there.
        progress: where the stages report to.
        options: any other option of the command, by its name in `paragone.options.CompareOptions`.

    Returns:
        The record, which shows itself as a page in Jupyter.

    Raises:
        InputError: something that was given cannot be used.
    """
    from paragone.options import CompareOptions
    from paragone.run import compare_run

    given = CompareOptions(
        sides=tuple(str(side) for side in sides),
        data=str(data),
        out=None if out is None else Path(out),
        **options,
    )
    return compare_run(given, progress or Silent())


def load(folder: str | Path) -> Run:
    """Read the record of an earlier run.

    Raises:
        InputError: there is none, or it is damaged.
    """
    from paragone.saved import read_run

    return read_run(Path(folder))
