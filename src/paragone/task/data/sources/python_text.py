"""Real source code, a character at a time: CPython's module `contextlib`, whose licence stands beside it.

The last tenth of the text is for testing, so that no character of it is seen in training.
"""

from __future__ import annotations

from paragone.task.data.lazy import np
from paragone.task.data.standalone import FILES, standalone

_NAME = "contextlib.txt"
FILE = FILES / _NAME


def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Windows of 40 characters of contextlib.txt, and the same one character on; the last tenth is for testing."""
    from pathlib import Path

    text = Path(FILE).read_text(encoding="ascii")
    alphabet = sorted(set(text))
    codes = np.array([alphabet.index(character) for character in text])
    n_test = len(codes) // 10
    parts = (codes[:-n_test], codes[-n_test:])
    train, test = (np.lib.stride_tricks.sliding_window_view(part, 41)[::10] for part in parts)
    return (
        (train[:, :-1].astype(np.int32), train[:, 1:].astype(np.int64)),
        (test[:, :-1].astype(np.int32), test[:, 1:].astype(np.int64)),
    )


SOURCE = standalone(
    "python-text",
    "windows of 40 characters of real source code; the target is the next character",
    load_data,
    file=_NAME,
)
