"""Task files that mean harm, or nothing: one clear error, or sides that are what they seem."""

from __future__ import annotations

import ast
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.task.test_bad_tasks import GOOD

from paragone.errors import InputError
from paragone.sides.write.write import write_side
from paragone.task.check import CheckedTask, check_task
from paragone.task.names import RESERVED
from paragone.task.read import parse_task, read_task

FRAMEWORKS = ("tensorflow", "torch", "jax")
LONGEST_ERROR = 2000

FAULTS = {
    # what is changed, what it becomes, words of the message
    "a truth value for a number": ("learning_rate = 0.1", "learning_rate = true", "learning_rate"),
    "a number in quotes": ("learning_rate = 0.1", 'learning_rate = "0.1"', "learning_rate"),
    "a date for a number": ("learning_rate = 0.1", "learning_rate = 2020-01-01", "learning_rate"),
    "an infinite rate": ("learning_rate = 0.1", "learning_rate = inf", "learning_rate"),
    "a weight that is none": ("[loss]\n", "[loss]\nweight = nan\n", "weight"),
    "a weight that is a truth value": ("[loss]\n", "[loss]\nweight = true\n", "weight"),
    "an infinite penalty": ("units = 4", "units = 4\nl2 = inf", "l2"),
    "a number beyond all bounds": ("units = 4", "units = 99999999999999999999999", "units"),
    "a kernel beyond all memory": (
        'kind = "flatten"',
        'kind = "dense"\nunits = 1048576\n[[model.layers]]\nname = "wide"\nkind = "dense"\nunits = 4096',
        "at most 2,147,483,648 numbers",
    ),
    "an input beyond all memory": ("shape = [8, 8, 1]", "shape = [1048576, 1048576, 4]", "at most 268,435,456 numbers"),
    "a value beyond all memory": (
        'kind = "flatten"',
        'kind = "zero_pad"\npadding = 1000000',
        "at most 268,435,456 numbers",
    ),
    "axes without end": ("shape = [8, 8, 1]", f"shape = [{'1, ' * 5000}1]", "inputs[0].shape"),
    "an output with too many axes": (
        'kind = "flatten"',
        f'kind = "reshape"\ntarget_shape = [64{", 1" * 40}]',
        "at most 8 axes",
    ),
    "lists in lists": ("units = 4", f"units = {'[' * 300}{']' * 300}", "units"),
    "tables in tables": ("units = 4", f"units = {'{a=' * 300}1{'}' * 300}", "units"),
    "a method of a module": ('name = "hidden"', 'name = "forward"', "'forward'"),
    "another one": ('name = "hidden"', 'name = "parameters"', "'parameters'"),
    "one of Flax": ('name = "hidden"', 'name = "sow"', "'sow'"),
    "a builtin": ('name = "hidden"', 'name = "tuple"', "'tuple'"),
    "code for a name": ('name = "hidden"', 'name = "x; import os"', "small letters"),
    "a file of ours that is no word": ('kind = "dense"', 'kind = "base"', "no layer 'base'"),
    "a path for a word": ('kind = "dense"', 'kind = "../dense"', "no layer"),
    "the name of nothing": ('kind = "dense"', 'kind = ""', "no layer ''"),
    "more axes than there are": ('kind = "flatten"', 'kind = "layer_norm"\nlast_axes = 4', "last_axes"),
    "a share of everything": ('kind = "flatten"', 'kind = "dropout"\nrate = 1.0', "rate"),
}


def checked(text: str) -> CheckedTask:
    return check_task(parse_task(tomllib.loads(text), "my.toml"), "my.toml")


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_one_clear_error(fault: str) -> None:
    old, new, words = FAULTS[fault]
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        checked(GOOD.replace(old, new, 1))
    text = str(caught.value)
    assert words in text
    assert len(text) < LONGEST_ERROR
    assert caught.value.where.startswith("my.toml: ")
    assert ": ." not in caught.value.where


FILES = {
    "digits": f"x = {'9' * 5000}".encode(),
    "dots": b".".join([b"a"] * 5000) + b" = 1",
    "header": b"[" + b".".join([b"a"] * 20000) + b"]",
    "utf16": GOOD.encode("utf-16"),
    "surrogate": b'title = "\\ud800"',
}


@pytest.mark.parametrize("name", FILES)
def test_files_that_are_no_tasks(name: str, tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_bytes(FILES[name])
    with pytest.raises(InputError) as caught:
        read_task(str(tmp_path / "my.toml"))
    assert len(str(caught.value)) < LONGEST_ERROR


@pytest.mark.parametrize("source", ["a" * 100_000 + ".csv", "a\0.csv", "~nobody-of-this-name/x.csv"])
def test_data_that_is_no_file(source: str, tmp_path: Path) -> None:
    text = GOOD.replace('"digits"', f'"{source}"'.replace("\0", "\\u0000"))
    (tmp_path / "my.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        write_side(check_task(read_task(str(tmp_path / "my.toml"))), "torch", "plain")
    assert len(str(caught.value)) < LONGEST_ERROR


NAMES = ('a"; import os; "', "a\nimport os", "{{ 7 * 7 }}", "ü", "123", "../../x", "data-loader", "penalty", '"""')


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_names_and_titles_are_no_code(name: str, framework: str) -> None:
    task = {**tomllib.loads(GOOD), "name": name, "title": name, "about": name}
    plain = {**tomllib.loads(GOOD), "name": "plain", "title": "plain"}
    texts = [write_side(check_task(parse_task(table)), framework, "matched").text for table in (task, plain)]
    kinds = [[type(statement) for statement in ast.parse(text).body] for text in texts]
    assert kinds[0] == kinds[1]


def test_a_name_that_a_helper_has_is_refused() -> None:
    layers: list[dict[str, Any]] = [
        {"name": "valid", "kind": "padding_mask", "input": "tokens"},
        {"name": "pack_valid", "kind": "embedding", "input": "tokens", "vocabulary_size": 9, "units": 2},
        {"name": "last", "kind": "gru", "units": 2, "input": ["pack_valid", "valid"]},
        {"name": "logits", "kind": "dense", "units": 3},
    ]
    inputs = [{"name": "tokens", "shape": [4], "kind": "int"}]
    task = check_task(parse_task({**tomllib.loads(GOOD), "model": {"inputs": inputs, "layers": layers}}))
    with pytest.raises(InputError, match="'pack_valid' is a function"):
        write_side(task, "torch", "matched")


def test_modules_have_no_other_names(tmp_path: Path) -> None:
    """The names that are kept for the frameworks' modules are all there are."""
    import subprocess
    import sys

    code = (
        "import sys; sys.path = [p for p in sys.path if p]\n"
        "from torch import nn\n"
        "print(*(n for n in dir(nn.Module()) if n.islower() and n[0] != '_'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert set(done.stdout.split()) <= RESERVED


def test_a_deep_model_takes_no_time() -> None:
    table = tomllib.loads(GOOD)
    more = [{"name": f"deep_{number}", "kind": "relu"} for number in range(1500)]
    table["model"]["layers"] = [table["model"]["layers"][0], *more, *table["model"]["layers"][1:]]
    before = time.process_time()
    check_task(parse_task(table))
    assert time.process_time() - before < 10
