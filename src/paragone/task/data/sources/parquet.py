"""A table in a `.parquet` file; its last column is the target."""

from __future__ import annotations

from paragone.errors import InputError
from paragone.task.data.load_text import BESIDE, beside, dtypes, file_name, load_text
from paragone.task.data.source import RawData, Source, check_size, existing_file, has_suffix, the_file
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


def _script(text: str) -> str:
    wanted = dtypes(_read(text).arrays, text)
    lines = [
        BESIDE[0],
        "",
        "from pyarrow import parquet",
        "",
        f"columns = [column.to_numpy() for column in parquet.read_table({beside(text)}).columns]",
        f"x = np.stack(columns[:-1], axis=1).astype({wanted['x']})",
        f"y = columns[-1].astype({wanted['y']})",
    ]
    return load_text(f"The columns of {file_name(text)}, of which the last is the target", lines, list(wanted))


SOURCE = Source(
    name="FILE.parquet",
    summary="a table of numbers; the last column is the target",
    accepts=has_suffix(".parquet"),
    read=_read,
    script=_script,
    files=the_file,
)
