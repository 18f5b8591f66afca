"""Another Python for one side: which side is meant, whether it can run there, and what is installed there."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paragone.errors import InputError, shareable
from paragone.sides.scan import SideFile

OLDEST = (3, 11)
NEEDED = ("numpy", "safetensors", "pydantic")
"""What a worker needs besides its framework."""
_PATIENCE_S = 60
_ASK = """
import importlib.metadata as m, json, sys
found = {}
for one in m.distributions():
    name = one.metadata["Name"]
    if name:
        found.setdefault(name.lower().replace("_", "-"), one.version)
print(json.dumps({"version": list(sys.version_info[:3]), "packages": found}))
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python that a side's workers run in.

    Args:
        path: of the program.
        version: of Python.
        installed: every package there, by its name in lower case.
    """

    path: Path
    version: str
    installed: Mapping[str, str]

    @property
    def shown(self) -> str:
        """How it is called in messages and records: without the folders that tell about a user."""
        path = self.path
        if path.is_absolute():
            path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else Path(*path.parts[-3:])
        return path.as_posix()

    def identity(self) -> dict[str, object]:
        """What a result of it depends on: an upgrade of any package is another interpreter."""
        return {"python": self.version, "path": str(self.path), "installed": dict(sorted(self.installed.items()))}


def interpreters(given: Sequence[str], sides: Sequence[SideFile]) -> dict[str, Interpreter]:
    """The interpreter of each side that was given one, by the side's name.

    Args:
        given: `NAME=PATH` each; NAME is a side's name, its framework with its place (`torch-2`), or its file's name.
        sides: all sides.

    Raises:
        InputError: no side or several go by the name, or the side cannot run there.
    """
    found: dict[str, Interpreter] = {}
    for text in given:
        name, _, path = text.partition("=")
        side = _meant(name, sides)
        if side.name in found:
            raise InputError(
                f"{side.name} was given two interpreters.", where="--python", expected="one for a side", received=text
            )
        found[side.name] = _checked(Path(path).expanduser(), side)
    return found


def _meant(name: str, sides: Sequence[SideFile]) -> SideFile:
    forms = {id(side): _names_of(side, sides) for side in sides}
    for place in range(3):  # the side's own name first, then framework and place, then the file
        fitting = [side for side in sides if name in forms[id(side)][place]]
        if len(fitting) == 1:
            return fitting[0]
    raise InputError(
        f"--python names no side, or more than one: {name}.",
        where="--python",
        expected="one of " + ", ".join(side.name for side in sides),
        received=name,
        next_step="of two sides of one framework the second is FRAMEWORK-2: "
        + ", ".join(f"{forms[id(side)][1][0]} is {side.shown}" for side in sides),
    )


def _names_of(side: SideFile, sides: Sequence[SideFile]) -> tuple[tuple[str, ...], ...]:
    same = [other for other in sides if other.framework == side.framework]
    place = next(number for number, other in enumerate(same, start=1) if other is side)
    numbered = (f"{side.framework}-{place}", *((side.framework,) if len(same) == 1 else ()))
    return (side.name,), numbered, (side.selector or side.path.stem, side.path.name, side.shown)


def _checked(path: Path, side: SideFile) -> Interpreter:
    """The interpreter, if the side's worker can run in it."""
    answer = _asked(path)
    version = ".".join(map(str, answer["version"]))
    found = Interpreter(Path(os.path.abspath(path)), version, answer["packages"])  # noqa: PTH100 (a venv is a link)
    if tuple(answer["version"][:2]) < OLDEST:
        raise _unfit(path, side, f"Python {'.'.join(map(str, OLDEST))} or newer", f"Python {version}", "")
    descriptor = side.descriptor
    missing = [name for name in (*descriptor.distributions, *NEEDED) if name.lower() not in found.installed]
    if missing:
        command = f"{path} -m pip install {' '.join(missing)}"
        expected = f"{descriptor.title} and what a worker needs: {', '.join((*descriptor.distributions, *NEEDED))}"
        raise _unfit(path, side, expected, f"no {', no '.join(missing)}", command)
    return found


def _asked(path: Path) -> dict[str, Any]:
    command = [str(path), "-P", "-c", _ASK]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
        answer = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _no_python(path, getattr(error, "strerror", None) or f"no answer within {_PATIENCE_S} s") from None
    except (ValueError, IndexError):
        answer = None
    if not isinstance(answer, dict) or "packages" not in answer:
        lines = done.stderr.strip().splitlines()
        raise _no_python(path, lines[-1][:200] if lines else "something else that can be run")
    return answer


def _no_python(path: Path, received: str) -> InputError:
    """The path is told as it was given: it goes to the terminal, and into no record."""
    return InputError(
        f"{path} is no Python of version {'.'.join(map(str, OLDEST))} or newer.",
        where="--python",
        expected="the program python of an environment, for example old/bin/python",
        received=shareable(received),
    )


def _unfit(path: Path, side: SideFile, expected: str, received: str, next_step: str) -> InputError:
    return InputError(
        f"{side.name} cannot run in {path}.",
        where="--python",
        expected=expected,
        received=received,
        next_step=next_step,
    )
