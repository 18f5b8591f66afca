"""The last touch on a written file: imports sorted, unused ones dropped, lines broken; done by Ruff."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

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
    fixed = _run(("check", "--select", "F401,I", "--fix", "--quiet", "--exit-zero", "-"), source)
    return _run(("format", "--quiet", "-"), fixed)


def _run(words: tuple[str, ...], source: str) -> str:
    command = [_ruff(), words[0], *_RULES, *words[1:-1], "--no-cache", words[-1]]
    done = subprocess.run(command, input=source, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        error = ParagoneError("A side was written that is no Python")
        error.add_note(f"{done.stderr}\n{source}")
        raise error
    return done.stdout
