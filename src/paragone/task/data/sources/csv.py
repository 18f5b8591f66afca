"""A table in a `.csv` file; its last column is the target."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paragone.errors import InputError
from paragone.task.data.lazy import np
from paragone.task.data.load_text import BESIDE, beside, dtypes, file_name, load_text
from paragone.task.data.source import Array, RawData, Source, existing_file, has_suffix, the_file
from paragone.task.data.table import from_table

if TYPE_CHECKING:
    import pyarrow as pa

_LARGEST_BLOCK_BYTES = 2**30
_SHOWN = 200


def _read(text: str) -> RawData:
    path = existing_file(text)
    headless = _first_line_is_data(path)
    table = _table(path, headless)
    return from_table(table, str(path), notice="no header line; " if headless else "")


def _table(path: Path, headless: bool) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    # One block for the whole file, so that a column's type is inferred from all of its rows.
    block_bytes = min(path.stat().st_size + 1, _LARGEST_BLOCK_BYTES)
    options = csv.ReadOptions(use_threads=False, block_size=block_bytes, autogenerate_column_names=headless)
    try:
        return csv.read_csv(path, read_options=options)
    except pa.ArrowException as error:
        raise _unreadable(path, str(error)) from error


def _first_line_is_data(path: Path) -> bool:
    """Whether the file has no header: every word of its first line is a number."""
    with path.open(encoding="utf-8", errors="replace") as stream:
        words = stream.readline(_LARGEST_BLOCK_BYTES).strip().split(",")
    return all(_is_number(word.strip().strip('"')) for word in words)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _unreadable(path: Path, message: str) -> InputError:
    ragged = re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", message)
    if ragged:
        row, expected, received = ragged.groups()
        return InputError(
            f"Line {row} of the .csv file has a different number of values.",
            where=f"{path}, line {row}",
            expected=f"{expected} values, as in the first line",
            received=f"{received} values",
        )
    return InputError(
        "The .csv file cannot be read.",
        where=str(path),
        expected="a table in UTF-8 with values separated by commas",
        received=" ".join(message.split())[:_SHOWN],
    )


def _script(text: str) -> str:
    arrays = _read(text).arrays
    wanted = dtypes(arrays, text)
    path = existing_file(text)
    options = {"delimiter": ","} | ({} if _first_line_is_data(path) else {"skiprows": 1})
    if '"' in path.read_text(encoding="utf-8", errors="replace"):
        options["quotechar"] = '"'
    _check_numpy_reads_it(path, options, arrays)
    said = ", ".join(f"{name}={value!r}" for name, value in options.items())
    lines = [
        *BESIDE,
        f"table = np.loadtxt({beside(text)}, {said}, ndmin=2)",
        f"x = table[:, :-1].astype({wanted['x']})",
        f"y = table[:, -1].astype({wanted['y']})",
    ]
    return load_text(f"The columns of {file_name(text)}, of which the last is the target", lines, list(wanted))


def _check_numpy_reads_it(path: Path, options: dict[str, Any], arrays: dict[str, Array]) -> None:
    """NumPy knows fewer forms of a table than pyarrow does."""
    try:
        table = np.loadtxt(path, ndmin=2, **options)
        same = np.array_equal(table, np.column_stack([arrays["x"], arrays["y"]]))
    except (ValueError, IndexError) as error:
        same, received = False, " ".join(str(error).split())[:_SHOWN]
    else:
        received = "other numbers than pyarrow does"
    if not same:
        raise InputError(
            "A side cannot be written for this table: NumPy alone cannot read it.",
            where=str(path),
            expected="numbers in decimal digits, separated by commas",
            received=received,
            next_step="save it as .npz or .parquet",
        )


SOURCE = Source(
    name="FILE.csv",
    summary="a table of numbers; the last column is the target",
    accepts=has_suffix(".csv"),
    read=_read,
    script=_script,
    files=the_file,
)
