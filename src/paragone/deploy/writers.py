"""What a framework can write, and why it does not write the rest; read without importing any framework."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from paragone.frameworks.registry import frameworks


@cache
def written_by(framework: str) -> frozenset[str]:
    """The formats that a framework has a writer for."""
    package = frameworks()[framework].formats
    if not package:
        return frozenset()
    return frozenset(module.name for module in pkgutil.iter_modules(import_module(package).__path__))


def lacking(framework: str, format_name: str) -> list[str]:
    """The packages that a writer needs beside its framework and that this interpreter has not."""
    writer = import_module(f"{frameworks()[framework].formats}.{format_name}")
    return [name for name in writer.NEEDS if find_spec(name) is None]


def why_not(framework: str, formats: tuple[str, ...]) -> str:
    """Why a framework writes none of these formats."""
    descriptor = frameworks()[framework]
    reasons = getattr(import_module(descriptor.formats), "WHY_NOT", {}) if descriptor.formats else {}
    known = [reasons[name] for name in formats if name in reasons]
    return "; ".join(dict.fromkeys(known)) or f"{descriptor.title} has no writer for {' or '.join(formats)} here"
