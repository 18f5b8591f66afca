"""The ready tasks: each is whole, is written in every framework, and its written sides read the data that we read."""

from __future__ import annotations

import ast
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest

from paragone.errors import InputError
from paragone.show import Wish, save, shown_task
from paragone.sides.write.write import write_side
from paragone.task.check import CheckedTask, check_task
from paragone.task.data.load import load_data
from paragone.task.data.script import data_files, data_script
from paragone.task.data.standalone import FILES
from paragone.task.read import read_task, ready_tasks

Array = np.ndarray[Any, Any]
FRAMEWORKS = ("tensorflow", "torch", "jax")
TASKS = tuple(ready_tasks())
SOURCES = sorted({read_task(name).data.source for name in TASKS})
MOST_WEIGHTS = 200_000
LARGEST_SIDE, LONGEST_SEQUENCE = 32, 48
KINDS = {"float": "f", "int": "i", "bool": "b"}


def ready(name: str) -> CheckedTask:
    return check_task(read_task(name), name)


def run_load_data(text: str, folder: Path) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """Call the `load_data` of a written side, with nothing but NumPy around it."""
    namespace: dict[str, Any] = {"np": np, "__file__": str(folder / "side.py")}
    exec(compile(text, "side.py", "exec"), namespace)
    result: tuple[tuple[Array, ...], tuple[Array, ...]] = namespace["load_data"]()
    return result


def with_files(source: str, folder: Path) -> Path:
    for path in data_files(source):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.mark.parametrize("name", TASKS)
def test_a_ready_task_says_what_it_is_and_is_small(name: str) -> None:
    task = ready(name)
    weights = [weight for node in task.graph.nodes for weight in node.weights]
    assert task.task.title
    assert not task.task.title.endswith(".")
    assert len(task.task.about) > 100
    assert 0 < sum(int(np.prod(weight.shape)) for weight in weights) <= MOST_WEIGHTS
    for tensor in task.graph.inputs.values():
        assert max(tensor.shape[:-1], default=0) <= LARGEST_SIDE or len(tensor.shape) == 1
        assert tensor.kind == "float" or max(tensor.shape, default=0) <= LONGEST_SEQUENCE


@pytest.mark.parametrize("name", TASKS)
def test_its_data_has_the_shapes_and_kinds_that_it_declares(name: str) -> None:
    task = ready(name)
    arrays = load_data(task.task.data.source, seed=0).arrays
    train = [array for key, array in arrays.items() if not key.endswith("_test")]
    declared = [*task.graph.inputs.values(), *task.targets.values()]
    assert [array.shape[1:] for array in train] == [tensor.shape for tensor in declared]
    assert [array.dtype.kind for array in train] == [KINDS[tensor.kind] for tensor in declared]


@pytest.mark.parametrize("name", TASKS)
def test_whole_numbers_are_below_what_the_model_knows(name: str) -> None:
    task = ready(name)
    data = load_data(task.task.data.source, seed=0)
    arrays = [np.concatenate([array, data.arrays[f"{key}_test"]]) for key, array in data.arrays.items()
              if not key.endswith("_test")]  # fmt: skip
    for node in task.graph.nodes:
        if node.kind.name == "embedding":
            index = list(task.graph.inputs).index(node.inputs[0])
            assert arrays[index].min() >= 0
            assert arrays[index].max() < node.options.vocabulary_size
    for term in task.terms:
        if term.target and task.targets[term.target].kind == "int":
            target = arrays[len(task.graph.inputs) + list(task.targets).index(term.target)]
            assert set(np.unique(target)) == set(range(task.graph.tensor(term.output).shape[-1]))


@pytest.mark.parametrize("source", SOURCES)
def test_a_written_side_reads_the_data_that_we_read(source: str, tmp_path: Path) -> None:
    ours = load_data(source, seed=0).arrays
    train, test = run_load_data(data_script(source), with_files(source, tmp_path))
    expected = [[array for key, array in ours.items() if key.endswith("_test") == wanted] for wanted in (False, True)]
    for got, wanted in zip((train, test), expected, strict=True):
        assert [array.dtype for array in got] == [array.dtype for array in wanted]
        for left, right in zip(got, wanted, strict=True):
            np.testing.assert_array_equal(left, right)


@pytest.mark.parametrize("source", SOURCES)
def test_data_is_the_same_at_every_call(source: str) -> None:
    assert load_data(source, seed=0).record.sha256 == load_data(source, seed=0).record.sha256


@pytest.mark.parametrize("fidelity", ["plain", "matched"])
@pytest.mark.parametrize("name", TASKS)
def test_its_sides_are_written_and_hold_the_same_load_data(name: str, fidelity: Any) -> None:
    task = ready(name)
    loads = set()
    for framework in FRAMEWORKS:
        written = write_side(task, framework, fidelity)
        tree = ast.parse(written.text)
        names = {node.name: ast.unparse(node) for node in tree.body if isinstance(node, ast.FunctionDef)}
        loads.add(names["load_data"])
        assert "paragone" not in written.text
        trainable = {weight.name for weight in written.weights.weights if weight.trainable}
        canonical = {f"{node.name}/{w.role}" for node in task.graph.nodes for w in node.weights if w.trainable}
        assert trainable == canonical if fidelity == "matched" else trainable <= canonical
    assert len(loads) == 1


def test_the_files_that_come_with_us_have_a_notice_and_are_saved_beside_the_sides(tmp_path: Path) -> None:
    data = [path for path in FILES.iterdir() if not path.name.endswith(".NOTICE.txt")]
    assert data
    for path in data:
        assert "icen" in path.with_suffix(".NOTICE.txt").read_text(encoding="utf-8")
    save(shown_task(Wish("text-lstm", "plain", ("torch",))), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contextlib.txt", "torch_side.py"]
    assert (tmp_path / "contextlib.txt").read_bytes() == (FILES / "contextlib.txt").read_bytes()


# ---------------------------------------------------------------------- data of the user

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((20, 3)), RANDOM.integers(4, size=20)


def same_as_ours(source: Path | str, folder: Path) -> str:
    """The script, after it was found to read what we read, in the precision in which a side computes."""
    text = data_script(str(source))
    parts = run_load_data(text, folder)
    ours = load_data(source, seed=0).arrays
    expected = [array for key, array in sorted(ours.items(), key=lambda item: item[0].endswith("_test"))]
    got = [array for part in parts for array in part]
    for left, right in zip(got, expected, strict=True):
        wanted = right.astype(np.float32) if right.dtype == np.float64 else right
        assert left.dtype == wanted.dtype
        np.testing.assert_array_equal(left, wanted)
    return text


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": X, "y": Y},
        {"x": X, "y": Y, "x_test": X[:5], "y_test": Y[:5]},
        {"x_train": X.astype(np.float32), "y_train": X[:, 0], "x_test": X[:5].astype(np.float32), "y_test": X[:5, 0]},
        {"x0": X, "x1": Y, "y0": Y > 1, "y1": X[:, :1]},
        {"x": X, "y": Y + 5000},
        {"x": X, "y": np.eye(4)[Y], "names": Y},
    ],
    ids=["xy", "test", "train", "several", "counts", "one-hot"],
)
def test_a_written_side_reads_an_npz_file(arrays: dict[str, Array], tmp_path: Path) -> None:
    np.savez(tmp_path / "data.npz", **arrays)
    same_as_ours(tmp_path / "data.npz", tmp_path)


@pytest.mark.parametrize(
    "table",
    [
        "a,b,c\n" + "".join(f"{i},{i * 0.1},{i % 3}\n" for i in range(10)),
        "".join(f"{i},{i * 0.1},{i * 0.5}\n" for i in range(10)),
        '"a","b"\n' + "".join(f'"{i}",{i % 2}\n' for i in range(10)),
        "a,b\r\n" + "".join(f"{i},{i % 2}\r\n\r\n" for i in range(10)),
    ],
    ids=["header", "no-header", "quoted", "blank-lines"],
)
def test_a_written_side_reads_a_csv_file(table: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(table.encode())
    assert "pyarrow" not in same_as_ours(path, tmp_path)


def test_a_table_that_numpy_cannot_read_is_refused_for_a_written_side(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "".join(f"{i},{'true' if i % 2 else 'false'}\n" for i in range(10)))
    assert load_data(path, seed=0).record.n_classes == 2
    with pytest.raises(InputError) as caught:
        data_script(str(path))
    assert "NumPy alone" in caught.value.what
    assert ".npz" in caught.value.next_step


def test_a_written_side_reads_a_parquet_file(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "table.parquet"
    parquet.write_table(pa.table({"a": X[:, 0], "b": Y * 2, "c": Y > 1}), path)
    same_as_ours(path, tmp_path)


FUNCTIONS = """
import numpy as np
X = np.arange(60.0).reshape(20, 3)
Y = np.arange(20) % 4

def pair(): return X.tolist(), Y
def four(): return X, Y, X[:5], Y[:5]
def pairs(): return (X, Y), (X[:5], Y[:5])
def table(): return {"x0": X, "x1": Y, "y": Y, "note": Y}
def marked(): return {"x_train": X, "y_train": Y, "x_test": X[:5], "y_test": Y[:5]}
"""


@pytest.mark.parametrize("name", ["pair", "four", "pairs", "table", "marked"])
def test_a_written_side_calls_the_function_of_a_file(name: str, tmp_path: Path) -> None:
    (tmp_path / "prepare.py").write_text(FUNCTIONS)
    same_as_ours(f"{tmp_path / 'prepare.py'}:{name}", tmp_path)


def test_a_written_side_imports_the_function_of_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "prepared_lesson.py").write_text(FUNCTIONS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    text = same_as_ours("prepared_lesson:pair", tmp_path)
    assert "from prepared_lesson import pair" in text


def test_no_name_of_a_file_can_end_the_docstring(tmp_path: Path) -> None:
    path = tmp_path / 'a"""\\b.npz'
    np.savez(path, x=X, y=Y)
    same_as_ours(path, tmp_path)


def test_a_file_beside_the_task_is_found_from_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "lesson"
    folder.mkdir()
    np.savez(folder / "data.npz", x=X, y=Y)
    (folder / "task.toml").write_text(
        '[data]\nsource = "data.npz"\n[model]\ninputs = [{ name = "row", shape = [3] }]\n'
        'layers = [{ name = "logits", kind = "dense", units = 4 }]\n[[targets]]\nname = "label"\nkind = "int"\n'
        '[loss]\nkind = "sparse_categorical_crossentropy"\n[optimizer]\nkind = "adam"\n'
    )
    shown = shown_task(Wish(str(folder / "task.toml"), "plain", ("torch",)))
    assert '"data.npz"' in shown.sides[0].code
    assert str(folder) not in shown.sides[0].code


def test_load_data_is_one_function_with_no_name_from_outside() -> None:
    for source in SOURCES:
        namespace: dict[str, Any] = {"np": np}
        exec(data_script(source), namespace)
        assert isinstance(namespace["load_data"], FunctionType)
