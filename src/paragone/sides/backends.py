"""Sides on other backends than their framework's own: as their file says, or as the user asks for beside it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from paragone.errors import InputError
from paragone.frameworks.registry import frameworks
from paragone.sides.scan import SideFile, imported

_TENSORFLOW = {"tensorflow", "tf_keras"}


def names() -> tuple[str, ...]:
    """All backends that some framework runs on beside its own."""
    return tuple(dict.fromkeys(name for one in frameworks().values() for name in one.elsewhere))


def also_on(sides: Sequence[SideFile], backends: Sequence[str]) -> tuple[SideFile, ...]:
    """The sides, and those of Keras once more on each of these backends.

    Args:
        sides: of one run.
        backends: that were asked for; they are known.

    Raises:
        InputError: no side can run on another backend, or one needs TensorFlow itself.
    """
    if not backends:
        return tuple(sides)
    able = [side for side in sides if frameworks()[side.framework].elsewhere and not side.backend]
    if not able:
        raise InputError(
            "There is no side that can run on another backend.",
            where="--keras-backend",
            expected="a side in Keras",
            received=", ".join(dict.fromkeys(side.framework for side in sides)),
            next_step="add a file that builds a keras.Model, or leave --keras-backend out",
        )
    return (*sides, *(_moved(side, backend) for side in able for backend in backends))


def _moved(side: SideFile, backend: str) -> SideFile:
    if _TENSORFLOW & set(imported(ast.parse(side.code))):
        raise InputError(
            f"{side.shown} uses TensorFlow itself.",
            where="--keras-backend",
            expected="a file that uses Keras alone, such as keras.ops in the place of tf",
            received=f"{side.shown}, which imports tensorflow, on the backend {backend}",
            next_step="leave --keras-backend out, or write the file without TensorFlow",
        )
    return replace(side, name=f"{side.name.replace('tensorflow', 'keras', 1)}-on-{backend}", backend=backend)
