"""The training step that all programs run: the loop of `benchmarks/by_hand`, which knows nothing of any tool."""

import io
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

BY_HAND = Path(__file__).resolve().parents[2] / "by_hand"


def steps_of(side: str) -> Callable[[int], float]:
    """A function that takes so many training steps of this side and says how many seconds they took."""
    asked, sys.stdin = sys.stdin, io.StringIO("")  # the script serves questions, and has none here
    sys.path.insert(0, str(BY_HAND))
    try:
        return runpy.run_path(str(BY_HAND / f"{side}_idiomatic.py"))["run"]
    finally:
        sys.stdin = asked
