"""Paragone proves whether sides in different deep-learning frameworks are the same task, and measures them fairly.

Importing this package imports no framework and nothing heavy; each verb loads what it needs when it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "InputError",
    "NotSameError",
    "ParagoneError",
    "Run",
    "SideError",
    "WorkerFailure",
    "__version__",
    "assert_same",
    "check",
    "compare",
    "load",
]

if TYPE_CHECKING:
    from paragone.errors import InputError, NotSameError, ParagoneError, SideError, WorkerFailure
    from paragone.library import assert_same, check, compare, load
    from paragone.records import Run

_HOME = {
    "assert_same": "paragone.library",
    "check": "paragone.library",
    "compare": "paragone.library",
    "load": "paragone.library",
    "Run": "paragone.records",
    "InputError": "paragone.errors",
    "NotSameError": "paragone.errors",
    "ParagoneError": "paragone.errors",
    "SideError": "paragone.errors",
    "WorkerFailure": "paragone.errors",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module 'paragone' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
