"""Heavy modules that the end of a proof needs, imported while its workers are busy."""

from __future__ import annotations

from importlib import import_module
from threading import Thread

HEAVY = ("scipy.stats", "paragone.report.page")


def import_ahead() -> None:
    """Begin to import them beside everything else; whoever needs one earlier waits for it as for any import.

    An import that fails is left to that one, who says what it means.
    """
    Thread(target=_imports, name="imports", daemon=True).start()


def _imports() -> None:
    for name in HEAVY:
        try:
            import_module(name)
        except Exception:
            return
