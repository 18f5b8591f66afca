"""What a framework can write, and why it does not write the rest; read without importing any framework."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from paragone.frameworks.registry import frameworks


@cache
def written_by(framework: str) -> frozenset[str]:
    """The formats that a framework has a writer for."""
    package = frameworks()[framework].formats
    if not package:
        return frozenset()
    return frozenset(module.name for module in pkgutil.iter_modules(import_module(package).__path__))


def why_not(framework: str, formats: tuple[str, ...]) -> str:
    """Why a framework writes none of these formats."""
    descriptor = frameworks()[framework]
    reasons = getattr(import_module(descriptor.formats), "WHY_NOT", {}) if descriptor.formats else {}
    known = [reasons[name] for name in formats if name in reasons]
    return "; ".join(dict.fromkeys(known)) or f"{descriptor.title} has no writer for {' or '.join(formats)} here"
