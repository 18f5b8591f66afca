"""Tables in .csv and .parquet files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from paragone.errors import InputError
from paragone.task.data import source as source_module
from paragone.task.data.load import load_data

ROWS = [(5.1, 3, 0), (4.9, 2, 1), (6.0, 1, 2), (5.5, 2, 0), (5.0, 3, 1), (4.2, 1, 2)]


def csv(folder: Path, text: str) -> Path:
    (folder / "table.csv").write_text(text, encoding="utf-8")
    return folder / "table.csv"


def refuse(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load_data(path, seed=0)
    return caught.value


def lines(rows: list[tuple[float, ...]]) -> str:
    return "".join(",".join(str(value) for value in row) + "\n" for row in rows)


def test_csv_and_parquet_of_the_same_table_give_the_same_data(tmp_path: Path) -> None:
    path = csv(tmp_path, "length,width,kind\n" + lines(ROWS))
    columns = dict(zip(("length", "width", "kind"), zip(*ROWS, strict=True), strict=True))
    parquet.write_table(pa.table(columns), tmp_path / "table.parquet")
    from_csv, from_parquet = load_data(path, seed=0), load_data(tmp_path / "table.parquet", seed=0)
    assert from_csv.record.sha256 == from_parquet.record.sha256
    assert (from_csv.record.kind, from_csv.record.n_classes) == ("classification", 3)
    assert from_csv.record.notice == "2 features; the target is the last column, 'kind'"
    assert from_csv.arrays["x"].dtype == np.float64


def test_rows_stay_together(tmp_path: Path) -> None:
    data = load_data(csv(tmp_path, "a,b,c\n" + lines([(i, i * 2, i * 0.5) for i in range(20)])), seed=1)
    np.testing.assert_array_equal(data.arrays["x"][:, 0] * 0.5, data.arrays["y"])
    assert data.record.kind == "regression"


def test_a_table_without_header_keeps_its_first_row(tmp_path: Path) -> None:
    data = load_data(csv(tmp_path, lines(ROWS)), seed=0)
    assert data.record.n_train + data.record.n_test == len(ROWS)
    assert data.record.notice.startswith("no header line; 2 features")


def test_the_type_of_a_column_is_inferred_from_all_its_rows(tmp_path: Path) -> None:
    path = csv(tmp_path, "a,b\n" + "1,0\n" * 400_000 + "0.5,1\n")
    assert path.stat().st_size > 2**20
    assert load_data(path, seed=0).arrays["x"].max() == 1.0


def test_a_boolean_target_is_two_classes(tmp_path: Path) -> None:
    data = load_data(csv(tmp_path, "a,b\n1,true\n2,false\n3,true\n4,true\n5,false\n"), seed=0)
    assert (data.record.n_classes, data.arrays["y"].dtype) == (2, np.int64)


def test_columns_that_are_words_are_named(tmp_path: Path) -> None:
    error = refuse(csv(tmp_path, "age,town,kind\n1,Rome,a\n2,Paris,b\n"))
    assert error.what == "The table has columns that are not numbers."
    assert error.received == "'town' (string), 'kind' (string)"


def test_missing_values_are_located(tmp_path: Path) -> None:
    error = refuse(csv(tmp_path, "a,b\n1,0\n,1\n3,0\n,1\n5,0\n"))
    assert error.what == "The column 'a' has missing values."
    assert error.received.startswith("2 missing, the first in row 1")


def test_ragged_rows_name_the_line(tmp_path: Path) -> None:
    error = refuse(csv(tmp_path, "a,b,c\n1,2,3\n1,2\n"))
    assert (error.what, error.expected, error.received) == (
        "Line 3 of the .csv file has a different number of values.",
        "3 values, as in the first line",
        "2 values",
    )


def test_a_single_column_is_no_table(tmp_path: Path) -> None:
    error = refuse(csv(tmp_path, "a;b\n1;2\n"))
    assert error.what == "The table has no features."
    assert error.received == "1 column (a;b)"


def test_a_header_alone_is_empty(tmp_path: Path) -> None:
    error = refuse(csv(tmp_path, "a,b\n"))
    assert error.exit_code == 2


def test_infinity_in_a_table(tmp_path: Path) -> None:
    assert refuse(csv(tmp_path, "a,b\n1,0\ninf,1\n3,0\n4,1\n5,0\n")).received == "1 of 5; the first is inf at (1, 0)"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(b"a,b\n\xff\xfe,\x00\n" * 10)
    assert refuse(tmp_path / "table.csv").exit_code == 2


@pytest.mark.parametrize("content", [b"PAR1 but not really PAR1", b"text"])
def test_a_damaged_parquet_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "table.parquet").write_bytes(content)
    assert refuse(tmp_path / "table.parquet").what == "The .parquet file cannot be read."


def test_a_parquet_file_that_was_cut_off(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"a": range(1000), "b": range(1000)}), tmp_path / "table.parquet")
    content = (tmp_path / "table.parquet").read_bytes()
    (tmp_path / "table.parquet").write_bytes(content[:-20])
    assert refuse(tmp_path / "table.parquet").what == "The .parquet file cannot be read."


def test_damaged_parquet_pages_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    parquet.write_table(pa.table({"a": range(1000), "b": range(1000)}), path, compression="gzip")
    content = bytearray(path.read_bytes())
    content[100:300] = bytes(200)
    path.write_bytes(content)
    assert refuse(path).what == "The .parquet file cannot be read."


def test_a_parquet_file_with_lists(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"a": [[1, 2], [3]], "b": [0, 1]}), tmp_path / "table.parquet")
    assert "'a' (list<" in refuse(tmp_path / "table.parquet").received


def test_a_parquet_file_that_unpacks_to_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet.write_table(pa.table({"a": [0] * 100_000, "b": [1] * 100_000}), tmp_path / "table.parquet")
    monkeypatch.setattr(source_module, "MAX_BYTES", 1_000_000)
    assert refuse(tmp_path / "table.parquet").what == "The data is too big."
