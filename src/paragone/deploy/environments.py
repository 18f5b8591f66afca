"""Where a target's runtime is to be had: in this interpreter, or in an environment of its own that we made.

Runtimes that do not live together get an environment each, made on demand in the user's cache and found again. Nothing
is installed, and no network is used, unless the user asks for it with `--install`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from paragone.deploy.target import Target

_NAME = re.compile(r"^[A-Za-z0-9._-]+")
_PATIENCE_S = 1800.0
_ALWAYS = ("numpy",)
_LIST = "import sys; from importlib.metadata import version; print(*(version(name) for name in sys.argv[1:]))"


@dataclass(frozen=True)
class Environment:
    """Where a target runs.

    Args:
        python: the interpreter.
        packages: versions of what the runtime needs.
        missing: in words what it needs and is not there; then it cannot be run.
    """

    python: str
    packages: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""

    @property
    def text(self) -> str:
        """The runtime with its version, such as `onnxruntime 1.32.0`."""
        return ", ".join(f"{name} {found}" for name, found in self.packages.items())


def environment_of(target: Target, *, install: bool, say: Callable[[str], None]) -> Environment:
    """Where a target can be run; one that is missing is made where that was asked for.

    Args:
        target: the target.
        install: whether an environment may be made, which needs the network.
        say: told what takes long.
    """
    lacking = [program for program in target.programs if shutil.which(program) is None]
    if lacking:
        return Environment(sys.executable, missing=f"the program {', '.join(lacking)}")
    here = _versions_here(target.packages)
    if here is not None:
        return Environment(sys.executable, here)
    place = own_place(target)
    if not (place / "made").exists():
        if not install:
            wanted = " ".join(target.packages)
            return Environment(sys.executable, missing=f"{wanted}; paragone deploy --install, or pip install {wanted}")
        say(f"making an environment for {target.title}")
        if why := _make(target, place):
            return Environment(
                sys.executable, missing=f"{' '.join(target.packages)}, which could not be installed: {why}"
            )
    python = place / "bin" / "python"
    return Environment(str(python), _versions_there(python, target.packages))


def cache_folder() -> Path:
    """Where environments are kept: https://specifications.freedesktop.org/basedir-spec/latest/."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "paragone" / "environments"


def own_place(target: Target) -> Path:
    """Of a target's own environment, made or not; another list of packages, or another Python, is another one."""
    made_of = " ".join((sys.version, *target.packages))
    return cache_folder() / f"{target.name}-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}"


def _versions_here(packages: tuple[str, ...]) -> dict[str, str] | None:
    try:
        return {name: version(name) for name in map(_bare, packages)}
    except PackageNotFoundError:
        return None


def _versions_there(python: Path, packages: tuple[str, ...]) -> dict[str, str]:
    names = [_bare(each) for each in packages]
    done = subprocess.run([python, "-c", _LIST, *names], capture_output=True, text=True, timeout=60, check=False)
    return dict(zip(names, done.stdout.split(), strict=False))


def _bare(requirement: str) -> str:
    found = _NAME.match(requirement)
    return found.group() if found else requirement


def _make(target: Target, place: Path) -> str:
    """Make the environment, and mark it as whole at the end; why not, in words, if that fails."""
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    commands = [
        [sys.executable, "-m", "venv", str(place)],
        [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", *_ALWAYS, *target.packages],
    ]
    for command in commands:
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)[:200]
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["no reason given"])[-1][:200]
    (place / "made").touch()
    return ""
