"""The user's own code: `module:function` or `file.py:function`, called in a process of its own.

It may import a framework, print, crash or hang; the orchestrator sees only the file of arrays that it leaves.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from paragone.errors import InputError
from paragone.task.data.load_text import dtypes, file_name, load_text, quoted
from paragone.task.data.source import RawData, Source

TIMEOUT_S = 600.0
_FORM = re.compile(r"[\w./~-]+:[A-Za-z_]\w*")
_LAST_LINES = 3


def _read(text: str) -> RawData:
    return _called(text)[0]


def _called(text: str) -> tuple[RawData, str]:
    """What the function returned, and in which form: `dict`, `tuple` or `pairs`."""
    from safetensors import safe_open

    with tempfile.TemporaryDirectory(prefix="paragone-") as folder:
        arrays, log = Path(folder) / "arrays.safetensors", Path(folder) / "log"
        code = _call(text, arrays, log)
        if arrays.is_file():
            with safe_open(arrays, framework="numpy") as opened:
                found = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 (it is no dict)
                return RawData(found), str((opened.metadata() or {}).get("form"))
        raise _failure(text, code, arrays.with_suffix(".json"), log)


def _call(text: str, arrays: Path, log: Path) -> int | None:
    """The exit code of the process that calls the function, or None where it took too long."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "paragone.task.data.call", text, str(arrays), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            env=_environment(),
        )
    try:
        return process.wait(TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _environment() -> dict[str, str]:
    source = str(Path(__file__).resolve().parents[4])
    path = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH", "")]))
    return os.environ | {"PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "2", "MPLBACKEND": "Agg"}


def _failure(text: str, code: int | None, report: Path, log: Path) -> InputError:
    if report.is_file():
        fields = json.loads(report.read_text(encoding="utf-8"))
        return InputError(fields.pop("what"), **fields)
    if code is None:
        received = f"no result within {TIMEOUT_S:.0f} s"
    elif code == -signal.SIGKILL:
        received = "it was killed by the system (most often: out of memory)"
    else:
        received = f"the process ended (exit {code}) without a result"
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-_LAST_LINES:]
    return InputError(
        "The data function gave no data.",
        where=text,
        expected="a dict or a tuple of arrays",
        received="; ".join([received, *said]),
        next_step="call it alone in Python and see",
    )


@cache
def _script(text: str) -> str:
    """Only a call tells what the function returns."""
    raw, form = _called(text)
    wanted = dtypes(raw.arrays, text)
    module, _, name = text.rpartition(":")
    if module.endswith(".py"):
        imported, call = "from runpy import run_path", f"run_path({quoted(module)})[{quoted(name)}]()"
    else:
        imported, call = f"from {module} import {name}", f"{name}()"
    reading = _unpacked(form, call, list(wanted), raw)
    typed = [f"{name} = np.asarray({name}, dtype={dtype})" for name, dtype in wanted.items()]
    return load_text(f"What {name} of {file_name(module)} gives", [imported, "", *reading, *typed], list(wanted))


def _unpacked(form: str, call: str, names: list[str], raw: RawData) -> list[str]:
    if form == "dict":
        given = {name.removesuffix("_train"): name for name in raw.arrays}
        return [f"arrays = {call}", *(f"{name} = arrays[{quoted(given[name])}]" for name in names)]
    if form == "pairs":
        return [f"(x, y), (x_test, y_test) = {call}"]
    return [f"{', '.join(names)} = {call}"]


SOURCE = Source(
    name="module:function",
    summary="your own function (also file.py:function); returns (x, y), (x, y, x_test, y_test) or a dict of arrays",
    accepts=lambda text: _FORM.fullmatch(text) is not None,
    read=_read,
    script=_script,
)
