"""Compiles the program of a target beside it, once."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

_LONGEST = 300


def package(name: str) -> Path:
    """The folder of an installed package, which is not imported.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    found = find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"No module named {name!r}")
    return Path(next(iter(found.submodule_search_locations)))


def compiled(source: Path, compiler: Sequence[str], options: Sequence[str]) -> tuple[Path, float]:
    """A program, and the seconds that its compilation took; 0 for one that is there and newer than its source.

    Args:
        source: the file; the program has its name without the suffix.
        compiler: the command, and what stands before the source.
        options: what stands behind it: the libraries.

    Raises:
        RuntimeError: the compiler does not take it; with the first that it says.
    """
    program, part = source.with_suffix(""), source.with_suffix(".part")
    if program.exists() and program.stat().st_mtime > source.stat().st_mtime:
        return program, 0.0
    began = time.perf_counter()
    command = [*compiler, str(source), "-o", str(part), *options]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        first = next((line for line in done.stderr.splitlines() if "error" in line), done.stderr)
        raise RuntimeError(f"{compiler[0]} ended with code {done.returncode}: {first[:_LONGEST]}")
    part.replace(program)
    return program, time.perf_counter() - began
