"""The user's own data function, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from paragone.errors import InputError
from paragone.task.data.load import load_data
from paragone.task.data.sources import function


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "prepare.py"


def write(path: Path, body: str, before: str = "") -> None:
    path.write_text(f"import numpy as np\n{before}\ndef load():\n{textwrap.indent(textwrap.dedent(body), '    ')}\n")


def refuse(source: str = "prepare:load") -> InputError:
    with pytest.raises(InputError) as caught:
        load_data(source, seed=0)
    return caught.value


@pytest.mark.parametrize("source", ["prepare:load", "prepare.py:load", "./prepare.py:load"])
def test_module_and_file(code: Path, source: str) -> None:
    write(code, "print('noise')\nreturn np.arange(20.0).reshape(10, 2), np.arange(10) % 2")
    data = load_data(source, seed=0)
    assert (data.record.n_train, data.record.n_test, data.record.source) == (8, 2, source)


@pytest.mark.parametrize(
    "result",
    [
        "(x, y, x[:3], y[:3])",
        "((x, y), (x[:3], y[:3]))",
        "{'x': x, 'y': y, 'x_test': x[:3], 'y_test': y[:3]}",
        "[x.tolist(), y.tolist(), x[:3].tolist(), y[:3].tolist()]",
    ],
)
def test_the_forms_of_a_result(code: Path, result: str) -> None:
    write(code, f"x, y = np.arange(20.0).reshape(10, 2), np.arange(10) % 2\nreturn {result}")
    data = load_data("prepare:load", seed=0)
    np.testing.assert_array_equal(data.arrays["x"], np.arange(20.0).reshape(10, 2))
    assert data.record.n_test == 3


def test_a_file_may_import_a_file_beside_it(code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code.parent / "beside.py").write_text("N = 10\n")
    write(code, "return np.zeros((N, 2)), np.arange(N)", before="from beside import N")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert load_data("../prepare.py:load", seed=0).record.source == "prepare.py:load"


def test_nothing_of_the_users_code_runs_here(code: Path) -> None:
    write(code, "return np.zeros((10, 2)), np.arange(10)")
    load_data("prepare:load", seed=0)
    assert "prepare" not in sys.modules


def test_a_module_that_is_not_there(code: Path) -> None:
    error = refuse("nowhere:load")
    assert (error.what, error.received) == ("The module of the data function was not found.", "no 'nowhere'")


def test_a_file_that_is_not_there(code: Path) -> None:
    assert refuse("nowhere.py:load").what == "The module of the data function was not found."


def test_a_module_that_needs_another_module(code: Path) -> None:
    write(code, "return 1", before="import surely_not_installed")
    assert refuse().received == "no 'surely_not_installed'"


def test_a_syntax_error(code: Path) -> None:
    code.write_text("def load(:\n")
    error = refuse()
    assert error.what == "The module of the data function cannot be imported."
    assert "SyntaxError" in error.received
    assert "line 1" in error.received


def test_a_function_that_is_not_there(code: Path) -> None:
    write(code, "return 1")
    error = refuse("prepare:lead")
    assert (error.what, error.received) == ("The module has no function 'lead'.", "functions: load")


def test_a_function_that_raises_names_its_line(code: Path) -> None:
    write(code, "raise ValueError('no file today')")
    error = refuse()
    assert (error.where, error.received) == ("prepare:load, prepare.py line 4", "ValueError: no file today")


def test_a_function_that_hangs_is_killed(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(function, "TIMEOUT_S", 2.0)
    write(code, "import subprocess, sys\nsubprocess.run(['sleep', '3600'])")
    before = time.monotonic()
    assert refuse().received.startswith("no result within 2 s")
    assert time.monotonic() - before < 20


def test_a_function_that_ends_the_process(code: Path) -> None:
    write(code, "import os\nprint('last words', flush=True)\nos._exit(7)")
    assert refuse().received == "the process ended (exit 7) without a result; last words"


def test_a_function_that_exits(code: Path) -> None:
    write(code, "raise SystemExit(0)")
    assert refuse().received == "the process ended (exit 0) without a result"


def test_a_function_that_is_killed(code: Path) -> None:
    write(code, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert "killed by the system" in refuse().received


def test_a_function_does_not_outlive_the_orchestrator(code: Path) -> None:
    write(code, "import os, time\nopen('pid', 'w').write(f'{os.getpid()}\\n')\ntime.sleep(600)")
    statement = "from paragone.task.data.load import load_data; load_data('prepare:load', seed=0)"
    with subprocess.Popen([sys.executable, "-c", statement], cwd=code.parent) as orchestrator:
        noted = code.parent / "pid"
        while not (noted.exists() and noted.read_text().endswith("\n")):
            assert orchestrator.poll() is None
            time.sleep(0.05)
        orchestrator.kill()
    process = Path("/proc", noted.read_text().strip(), "stat")
    deadline = time.monotonic() + 10
    while process.exists() and process.read_text().split()[2] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("result", "received"),
    [("None", "NoneType"), ("'words'", "str of 5"), ("(1, 2, 3)", "tuple of 3"), ("lambda: 0", "function")],
)
def test_a_result_that_is_no_data(code: Path, result: str, received: str) -> None:
    write(code, f"return {result}")
    error = refuse()
    assert (error.what, error.received) == ("The data function returned something that is not data.", received)


@pytest.mark.parametrize("x", ["[[1, 2], [3]]", "['a', 'b']", "np.array([{}, {}])", "object()"])
def test_arrays_of_something_else(code: Path, x: str) -> None:
    write(code, f"return {x}, [0, 1]")
    assert refuse().what == "'x' of the data function is no array of numbers."


def test_the_form_is_checked_as_for_any_source(code: Path) -> None:
    write(code, "return np.full((10, 2), np.nan), np.arange(10)")
    assert refuse().what == "The array 'x' holds values that are not finite."
