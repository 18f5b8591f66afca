"""Figures and sentences as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from paragone.records import Interval

_STEPS = {
    "s": ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")),
    "bytes": ((2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB"), (1.0, "bytes")),
}


def figure(value: float, unit: str) -> str:
    """A value with its unit, three digits: `1.23 ms`, `412 MiB`, `97.2 %`, `180 tokens`."""
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "tokens":
        return f"{value:.0f} tokens"
    steps = _STEPS.get(unit, ((1.0, unit),))
    size, name = next((step for step in steps if abs(value) >= step[0]), steps[-1])
    return f"{three_digits(value / size)} {name}".strip()


def three_digits(number: float) -> str:
    """A number rounded to three digits, written without an exponent where it is of ordinary size."""
    rounded = float(f"{number:.3g}")
    return f"{rounded:.0f}" if 100 <= abs(rounded) < 1e6 else f"{rounded:.3g}"


def spread(interval: Interval, unit: str) -> str:
    """A value with its interval: `1.23 ms (1.19 to 1.28 ms)`; without it where the ends look the same."""
    mid, low, high = (figure(value, unit) for value in (interval.mid, interval.low, interval.high))
    if low == high:
        return mid
    number, _, name = low.rpartition(" ")
    return f"{mid} ({number if high.endswith(f' {name}') else low} to {high})"


def often(share: float) -> str:
    """A share of draws; only what happened in all of them is called 100 %."""
    return "over 99.9 %" if 0.9995 <= share < 1 else f"{100 * share:.3g} %"


def listed(words: Iterable[str]) -> str:
    """`a, b and c`."""
    rows: Sequence[str] = list(words)
    return " and ".join([", ".join(rows[:-1]), rows[-1]]) if len(rows) > 1 else "".join(rows)


def either(words: Iterable[str]) -> str:
    """`a, b or c`."""
    rows: Sequence[str] = list(words)
    return " or ".join([", ".join(rows[:-1]), rows[-1]]) if len(rows) > 1 else "".join(rows)


def nearest(name: str, known: Iterable[str]) -> str:
    """` (the nearest is ...)` for the end of a message, or nothing if no known name is near."""
    near = get_close_matches(name, list(known), n=1)
    return f" (the nearest is `{near[0]}`)" if near else ""
