"""A table in a `.csv` file; its last column is the target."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from paragone.errors import InputError
from paragone.task.data.source import RawData, Source, existing_file, has_suffix
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


SOURCE = Source(
    name="FILE.csv",
    summary="a table of numbers; the last column is the target",
    accepts=has_suffix(".csv"),
    read=_read,
)
