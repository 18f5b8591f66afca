"""What is read from a side's file before it is run: its frameworks, its syntax, the modules beside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from paragone.errors import InputError, SideError
from paragone.sides.scan import MAX_FILE_BYTES, SideFile, scan_sides


def scan(folder: Path, files: dict[str, str], *arguments: str) -> list[SideFile]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return scan_sides(tuple(str(folder / argument) for argument in arguments))


def digest(folder: Path, files: dict[str, str]) -> str:
    return scan(folder, {"b.py": "import jax", **files}, "a.py", "b.py")[0].sha256


def test_sides_are_named_by_their_framework(tmp_path: Path) -> None:
    sides = scan(tmp_path, {"a.py": "import keras", "b.py": "from torch import nn", "c.py": "import flax.nnx"},
                 "a.py", "b.py", "c.py")  # fmt: skip
    assert [side.name for side in sides] == ["tensorflow", "torch", "jax"]


def test_sides_of_one_framework_have_names_of_their_own(tmp_path: Path) -> None:
    files = {"a.py": "import torch", "b.py": "import torch", "x/a.py": "import torch"}
    names = [side.name for side in scan(tmp_path, files, "a.py", "b.py", "a.py:small", "x/a.py")]
    assert names == ["torch:a", "torch:b", "torch:small", "torch:a-2"]


def test_one_file_gives_a_side_for_each_framework_and_torch_is_imported_first(tmp_path: Path) -> None:
    sides = scan(tmp_path, {"lesson.py": "import tensorflow as tf\nimport torch"}, "lesson.py")
    assert {side.framework for side in sides} == {"tensorflow", "torch"}
    assert {side.preload for side in sides} == {("torch",)}


def test_an_import_inside_a_function_counts(tmp_path: Path) -> None:
    sides = scan(tmp_path, {"a.py": "def make():\n    import torch\n", "b.py": "import jax"}, "a.py", "b.py")
    assert sides[0].framework == "torch"


def test_a_module_beside_is_part_of_the_side(tmp_path: Path) -> None:
    side = {"a.py": "import torch\nfrom network import Net\nimport parts.deep.block"}
    beside = {"network.py": "import sizes", "sizes.py": "n = 1", "parts/deep/block.py": "m = 1"}
    before = digest(tmp_path, {**side, **beside})
    assert digest(tmp_path, {"sizes.py": "n = 2"}) != before
    assert digest(tmp_path, {"sizes.py": "n = 1"}) == before
    assert digest(tmp_path, {"parts/deep/block.py": "m = 2"}) != before
    assert digest(tmp_path, {"parts/deep/block.py": "m = 1", "stranger.py": "import torch"}) == before


def test_a_framework_may_be_imported_by_a_module_beside(tmp_path: Path) -> None:
    sides = scan(tmp_path, {"a.py": "from network import model", "network.py": "import torch", "b.py": "import jax"},
                 "a.py", "b.py")  # fmt: skip
    assert [side.framework for side in sides] == ["torch", "jax"]


def test_a_folder_of_the_name_of_a_framework_is_no_part_of_the_side(tmp_path: Path) -> None:
    files = {"a.py": "import torch", "b.py": "import jax", "torch/other.py": "import keras"}
    assert [side.framework for side in scan(tmp_path, files, "a.py", "b.py")] == ["torch", "jax"]


def test_modules_that_import_each_other_come_to_an_end(tmp_path: Path) -> None:
    files = {"a.py": "import torch, x", "x.py": "import y, a", "y.py": "import x", "b.py": "import jax"}
    assert len(scan(tmp_path, files, "a.py", "b.py")) == 2


def test_a_file_of_a_package_that_may_never_be_imported_need_not_be_python(tmp_path: Path) -> None:
    files = {"a.py": "import torch, kit", "b.py": "import jax", "kit/__init__.py": "", "kit/t.py": "print '{{x}}'"}
    assert len(scan(tmp_path, files, "a.py", "b.py")) == 2


def test_a_syntax_error_in_a_module_beside_names_that_module(tmp_path: Path) -> None:
    with pytest.raises(SideError) as caught:
        scan(tmp_path, {"a.py": "import torch, kit", "kit.py": "x = 1\ny = (", "b.py": "import jax"}, "a.py", "b.py")
    assert caught.value.where == "kit.py, line 2"


def test_a_file_with_a_byte_order_mark_is_read_as_python_reads_it(tmp_path: Path) -> None:
    sides = scan(tmp_path, {"a.py": "\ufeffimport torch", "b.py": "import jax"}, "a.py", "b.py")
    assert sides[0].code == "import torch"


def test_doubtful_escapes_do_not_stop_the_reading(tmp_path: Path) -> None:
    assert len(scan(tmp_path, {"a.py": "import torch\nx = '\\d' is 'y'", "b.py": "import jax"}, "a.py", "b.py")) == 2


def test_only_one_side(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only one side"):
        scan(tmp_path, {"a.py": "import torch"}, "a.py")


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        scan(tmp_path, {}, "nowhere.py")
    assert "nowhere.py" in caught.value.what
    assert str(tmp_path) not in str(caught.value)
    assert caught.value.next_step


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "loop", "long"])
def test_what_is_no_ordinary_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.py"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    else:
        path = tmp_path / ("a" * 300 + ".py")
    with pytest.raises(InputError):
        scan_sides((str(path),))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"import torch\nx = (", "line 2"),
        (b"import torch\n\x00", "null"),
        (b"import torch\n# \xe9", "UTF-8"),
        (b"x = " + b"(" * 5000 + b")" * 5000, "a.py"),
        (b"import torch\n" + b"#" * MAX_FILE_BYTES, "too large"),
    ],
)
def test_what_is_not_python_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "a.py").write_bytes(content)
    with pytest.raises(InputError, match=says):
        scan_sides((str(tmp_path / "a.py"),))


def test_a_path_out_of_the_folder_is_shown_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    sides = scan(tmp_path, {"a.py": "import torch", "work/sub/b.py": "import jax"}, "a.py", "work/sub/b.py")
    assert [side.shown for side in sides] == ["a.py", "sub/b.py"]
    assert scan_sides(("../a.py", "sub/b.py"))[0].shown == "a.py"
