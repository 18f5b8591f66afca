"""Where a target's runtime is to be had: in this interpreter, or in an environment of its own that we made.

Runtimes that do not live together get an environment each, made on demand in the user's cache and found again. Nothing
is installed, and no network is used, unless the user asks for it with `--install`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from paragone.deploy.cached import make, place_of, whole
from paragone.deploy.node import modules_of
from paragone.deploy.target import Target

_NAME = re.compile(r"^[A-Za-z0-9._-]+")
_ALWAYS = ("numpy",)
_LIST = "import sys; from importlib.metadata import version; print(*(version(name) for name in sys.argv[1:]))"


@dataclass(frozen=True)
class Environment:
    """Where a target runs.

    Args:
        python: the interpreter.
        packages: versions of what the runtime needs.
        missing: in words what it needs and is not there; then it cannot be run.
        variables: of the process's environment, by which programs find what is installed for them.
    """

    python: str
    packages: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def own(self) -> bool:
        """Whether it is one that we made."""
        return self.python != sys.executable or bool(self.variables)

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
    found = _of_python(target, install=install, say=say)
    if not target.npm or found.missing:
        return found
    modules = modules_of(target, install=install, say=say)
    return replace(
        found, packages={**found.packages, **modules.packages}, missing=modules.missing, variables=modules.variables
    )


def _of_python(target: Target, *, install: bool, say: Callable[[str], None]) -> Environment:
    """The interpreter that has what the target needs of Python."""
    here = _versions_here(target.packages)
    if here is not None:
        return Environment(sys.executable, here)
    if target.framework:
        from paragone.deploy.writing import environment_for

        return environment_for(target.framework, target.packages, sys.executable, install=install, say=say)
    place = own_place(target)
    python = place / "bin" / "python"
    if not whole(place):
        if not install:
            wanted = " ".join(target.packages)
            return Environment(sys.executable, missing=f"{wanted}; paragone deploy --install, or pip install {wanted}")
        say(f"making an environment for {target.title}")
        install_packages = [str(python), "-m", "pip", "install", "--quiet", *_ALWAYS, *target.packages]
        if why := make(place, [sys.executable, "-m", "venv", str(place)], install_packages):
            return Environment(
                sys.executable, missing=f"{' '.join(target.packages)}, which could not be installed: {why}"
            )
    return Environment(str(python), versions_there(python, target.packages))


def own_place(target: Target) -> Path:
    """Of a target's own environment, made or not; another list of packages, or another Python, is another one.

    Targets that need the same packages share it.
    """
    return place_of(_bare(target.packages[0]), (sys.version, *target.packages))


def _versions_here(packages: tuple[str, ...]) -> dict[str, str] | None:
    try:
        return {name: version(name) for name in map(_bare, packages)}
    except PackageNotFoundError:
        return None


def versions_there(python: Path, packages: tuple[str, ...]) -> dict[str, str]:
    """Versions of packages that an interpreter has."""
    names = [_bare(each) for each in packages]
    done = subprocess.run([python, "-c", _LIST, *names], capture_output=True, text=True, timeout=60, check=False)
    return dict(zip(names, done.stdout.split(), strict=False))


def _bare(requirement: str) -> str:
    found = _NAME.match(requirement)
    return found.group() if found else requirement
