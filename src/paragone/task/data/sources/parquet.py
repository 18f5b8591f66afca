"""A table in a `.parquet` file; its last column is the target."""

from __future__ import annotations

from paragone.errors import InputError
from paragone.task.data.source import RawData, Source, check_size, existing_file, has_suffix
from paragone.task.data.table import from_table

_SHOWN = 200
_NUMBER_BYTES = 8


def _read(text: str) -> RawData:
    import pyarrow as pa
    from pyarrow import parquet

    path = existing_file(text)
    try:
        with parquet.ParquetFile(path) as file:
            check_size(file.metadata.num_rows * file.metadata.num_columns * _NUMBER_BYTES, str(path))
            table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            "The .parquet file cannot be read.",
            where=str(path),
            expected="a whole Parquet file",
            received=" ".join(str(error).split())[:_SHOWN],
        ) from error
    return from_table(table, str(path))


SOURCE = Source(
    name="FILE.parquet",
    summary="a table of numbers; the last column is the target",
    accepts=has_suffix(".parquet"),
    read=_read,
)
