"""What is installed on demand: each in a folder of the user's cache, marked as whole at the end."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

_PATIENCE_S = 1800.0
_LONGEST = 200


def cache_folder() -> Path:
    """Where environments are kept: https://specifications.freedesktop.org/basedir-spec/latest/."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "paragone" / "environments"


def place_of(name: str, made_of: Sequence[str]) -> Path:
    """The folder of something, made or not; made of something else, it is another one."""
    return cache_folder() / f"{name}-{hashlib.sha256(' '.join(made_of).encode()).hexdigest()[:12]}"


def whole(place: Path) -> bool:
    """Whether it was made to its end."""
    return (place / "made").exists()


def make(place: Path, *commands: Sequence[str]) -> str:
    """Make it by these commands, and mark it as whole at the end; why not, in words, if one fails."""
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    for command in commands:
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)[:_LONGEST]
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["no reason given"])[-1][:_LONGEST]
    (place / "made").touch()
    return ""
