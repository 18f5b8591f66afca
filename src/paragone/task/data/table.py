"""A table of numbers: every column but the last is a feature, the last is the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paragone.errors import InputError
from paragone.task.data.lazy import np
from paragone.task.data.source import Array, RawData

if TYPE_CHECKING:
    import pyarrow as pa

MIN_COLUMNS = 2


def from_table(table: pa.Table, where: str, notice: str = "") -> RawData:
    """`x` of shape (rows, features) in float64, and `y` of shape (rows,), from the columns of a table.

    Raises:
        InputError: fewer than two columns, columns that are not numbers, or missing values.
    """
    if table.num_columns < MIN_COLUMNS:
        raise InputError(
            "The table has no features.",
            where=where,
            expected="two columns or more, separated by commas; the last one is the target",
            received=f"{table.num_columns} column ({', '.join(table.column_names)})",
        )
    _check_numbers(table, where)
    _check_complete(table, where)
    columns = [_column(column) for column in table.columns]
    x = np.stack([column.astype(np.float64) for column in columns[:-1]], axis=1)
    features = f"{len(columns) - 1} feature{'s' if len(columns) > MIN_COLUMNS else ''}"
    target = f"{features}; the target is the last column, '{table.column_names[-1]}'"
    return RawData({"x": x, "y": columns[-1]}, notice=f"{notice}{target}")


def _check_numbers(table: pa.Table, where: str) -> None:
    from pyarrow import types

    def is_number(kind: pa.DataType) -> bool:
        return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind))

    wrong = [f"'{field.name}' ({field.type})" for field in table.schema if not is_number(field.type)]
    if wrong:
        raise InputError(
            "The table has columns that are not numbers.",
            where=where,
            expected="numbers in every column",
            received=", ".join(wrong[:8]) + (f" and {len(wrong) - 8} more" if len(wrong) > 8 else ""),
            next_step="encode these columns as numbers, or leave them out",
        )


def _check_complete(table: pa.Table, where: str) -> None:
    for name, column in zip(table.column_names, table.columns, strict=True):
        if column.null_count:
            first = int(np.flatnonzero(column.is_null().to_numpy())[0])
            raise InputError(
                f"The column '{name}' has missing values.",
                where=where,
                expected="a number in every row",
                received=f"{column.null_count} missing, the first in row {first} (counted from 0, without the header)",
                next_step="fill or drop these rows",
            )


def _column(column: pa.ChunkedArray) -> Array:
    array: Array = column.to_numpy()
    return array.astype(np.int64) if array.dtype == np.bool_ else array
