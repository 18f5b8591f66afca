"""A side's file runs as Python itself would run it, and every object is remembered with its lines."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from paragone.errors import SideError
from paragone.sides.execute import Executed, calling_line, execute, line_of


class Model:
    """What the tests look for."""


def run(folder: Path, code: str) -> Executed:
    path = folder / "side.py"
    path.write_text(textwrap.dedent(code), encoding="utf-8")
    return execute(path, lambda value: type(value).__name__ == "Model" or callable(value))


def models(executed: Executed) -> list[tuple[str, int, int]]:
    found = executed.of(lambda value: type(value).__name__ == "Model")
    return [(item.name, item.first_line, item.last_line) for item in found]


def test_a_name_that_is_bound_twice_gives_both_objects(tmp_path: Path) -> None:
    executed = run(
        tmp_path,
        """\
        class Model:
            pass

        model = Model()
        first = model
        model = Model(

        )
        """,
    )
    assert models(executed) == [("model", 4, 4), ("model", 6, 8)]
    assert executed.namespace["model"] is not executed.namespace["first"]
    assert executed.named("nothing", "model") is executed.namespace["model"]
    assert executed.named("nothing") is None


def test_what_loops_branches_and_tuples_bind_is_seen(tmp_path: Path) -> None:
    executed = run(
        tmp_path,
        """\
        class Model:
            pass

        if True:
            a = Model()
        with open(__file__):
            b, c = Model(), Model()
        """,
    )
    assert [name for name, _, _ in models(executed)] == ["a", "b", "c"]


def test_future_imports_hold_for_the_statements_after_them(tmp_path: Path) -> None:
    executed = run(
        tmp_path,
        """\
        from __future__ import annotations

        def build(x: NotDefinedAnywhere) -> AlsoNot:
            return x
        """,
    )
    assert executed.namespace["build"].__annotations__ == {"x": "NotDefinedAnywhere", "return": "AlsoNot"}


def test_our_own_future_imports_do_not_leak_into_the_file(tmp_path: Path) -> None:
    assert run(tmp_path, "def build(x: int): ...\n").namespace["build"].__annotations__ == {"x": int}


@pytest.mark.parametrize("future", ["", "from __future__ import annotations"])
def test_dataclasses_and_decorators_work(tmp_path: Path, future: str) -> None:
    executed = run(
        tmp_path,
        f"""\
        {future}
        import functools
        from dataclasses import dataclass, field

        @dataclass
        class Config:
            width: int = 8
            rest: list[int] = field(default_factory=list)

        @functools.cache
        def build(width):
            return Config(width)

        config = build(16)
        """,
    )
    assert executed.namespace["config"].width == 16
    assert executed.namespace["Config"].__module__ == "paragone_side"


def test_pickling_by_name_and_main_guards(tmp_path: Path) -> None:
    executed = run(
        tmp_path,
        """\
        import sys
        class Model:
            pass
        assert sys.modules[__name__].Model is Model
        if __name__ == "__main__":
            raise RuntimeError("trains")
        """,
    )
    assert executed.namespace["__file__"].endswith("side.py")


def test_the_same_file_may_run_again(tmp_path: Path) -> None:
    code = "class Model:\n    pass\n\ncount = 1\ncount += 1\nmodel = Model()\n"
    first, again = run(tmp_path, code), run(tmp_path, code)
    assert first.namespace["count"] == again.namespace["count"] == 2
    assert first.namespace["model"] is not again.namespace["model"]


def test_an_error_names_its_line_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        run(tmp_path, "def broken():\n    return 1 / 0\n\nx = 1\nbroken()\n")
    assert line_of(caught.value, tmp_path / "side.py") == 2


def test_a_module_that_is_missing_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(SideError) as caught:
        run(tmp_path, "import math\nimport surely_not_installed.part\n")
    assert "surely_not_installed" in str(caught.value)
    assert "side.py, line 2" in str(caught.value)
    assert "pip install surely_not_installed" in str(caught.value)


def test_a_line_of_the_file_is_found_from_deep_inside_a_library(tmp_path: Path) -> None:
    seen: list[int | None] = []
    path = tmp_path / "side.py"
    path.write_text("def outer(note):\n    note()\n\n\nouter(note)\n", encoding="utf-8")

    def note() -> None:
        deeper()

    def deeper() -> None:
        seen.append(calling_line(str(path)))

    namespace: dict[str, Any] = {"note": note}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    assert seen == [2]
    assert calling_line(str(path)) is None
