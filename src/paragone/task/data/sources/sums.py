"""Sums that are written out, "37+58=", and their results, digit by digit."""

from __future__ import annotations

from paragone.task.data.lazy import np
from paragone.task.data.standalone import standalone


def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Sums such as "37+5=" in codes, filled up to six with 0, and the three digits of the result: 0, 4, 2."""
    pairs = np.random.default_rng(0).permutation(10_000)
    questions = np.zeros((len(pairs), 6), dtype=np.int32)
    results = np.zeros((len(pairs), 3), dtype=np.int64)
    for row, pair in enumerate(pairs):
        first, second = divmod(int(pair), 100)
        question = [1 + "0123456789+=".index(character) for character in f"{first}+{second}="]
        questions[row, : len(question)] = question
        results[row] = [int(digit) for digit in f"{first + second:03}"]
    return (questions[:8000], results[:8000]), (questions[8000:], results[8000:])


SOURCE = standalone(
    "sums",
    'all sums of two numbers below 100, written out ("37+58="); the target is the result, digit by digit',
    load_data,
)
