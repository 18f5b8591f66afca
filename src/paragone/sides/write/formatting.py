"""The last touch on a written file: imports sorted, unused ones dropped, lines broken; done by Ruff."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from paragone.errors import ParagoneError

LINE_LENGTH = 88
_RULES = ("--isolated", "--line-length", str(LINE_LENGTH), "--target-version", "py311")


@cache
def _ruff() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "ruff"
    found = str(beside) if beside.is_file() else shutil.which("ruff")
    if not found:
        raise ParagoneError(f"Ruff, which formats the written sides, is missing: {sys.executable} -m pip install ruff")
    return found


def formatted(source: str) -> str:
    """A file as Ruff leaves it. The same text gives the same bytes.

    Raises:
        ParagoneError: the text is no Python, which is our fault.
    """
    rules = ("--select", "F401,I", "--fix", "--quiet", "--exit-zero")
    # The second program starts while the first one works.
    with _started("check", rules, subprocess.PIPE) as check, _started("format", ("--quiet",), check.stdout) as done:
        assert check.stdin is not None and check.stdout is not None
        check.stdout.close()
        with contextlib.suppress(BrokenPipeError), check.stdin:
            check.stdin.write(source)
        text, said = done.communicate()
    if check.returncode or done.returncode:
        error = ParagoneError("A side was written that is no Python")
        error.add_note(f"{said}\n{source}")
        raise error
    return text


def _started(verb: str, words: Sequence[str], stdin: Any) -> subprocess.Popen[str]:
    command = [_ruff(), verb, *_RULES, *words, "--no-cache", "-"]
    return subprocess.Popen(
        command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
