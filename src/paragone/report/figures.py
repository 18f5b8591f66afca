"""Numbers as people read them: three digits, a unit, no exponent where none is needed."""

from __future__ import annotations

import math

from paragone.records import Interval

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_BYTES = ((2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB"), (1.0, "bytes"))
_FLOPS = ((1e12, "TFLOP/s"), (1e9, "GFLOP/s"), (1e6, "MFLOP/s"), (1e3, "kFLOP/s"), (1.0, "FLOP/s"))
_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e6
ABSENT = "–"
_TOO_FINE = 7


def number(value: float | None, digits: int = 3, *, keep: bool = False) -> str:
    """A bare number: `0.0234`, `1,250`, `3.12 × 10⁻¹²`; `keep` keeps the zeros at its end, as beside an interval."""
    if value is None:
        return ABSENT
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    if _PLAIN_FROM <= abs(rounded) < _PLAIN_TO:
        return _without_exponent(rounded, digits, keep=keep)
    mantissa, exponent = f"{rounded:.{digits - 1}e}".split("e")
    power = str(int(exponent)).translate(_SUPERSCRIPTS)
    return _minus(f"{_trimmed(mantissa)} × 10{power}")


def _without_exponent(value: float, digits: int, *, keep: bool) -> str:
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return _minus(text if keep else _trimmed(text))


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _minus(text: str) -> str:
    return text.replace("-", "−", 1) if text.startswith("-") else text


def exact(value: float | int | None) -> str:
    """A raw value, short but without loss that matters: nine digits."""
    if value is None:
        return ABSENT
    return str(value) if isinstance(value, int) else f"{value:.9g}"


def _scaled(value: float, steps: tuple[tuple[float, str], ...]) -> str:
    if not math.isfinite(value) or not value:
        return number(value)
    size, name = next((step for step in steps if abs(value) >= step[0] * 0.9995), steps[-1])
    return f"{number(value / size)} {name}"


def seconds(value: float) -> str:
    """A time: `1.23 ms`, `12.4 s`."""
    return _scaled(value, _SECONDS)


def size(value: float) -> str:
    """A size in memory: `412 MiB`."""
    return _scaled(value, _BYTES)


def flops(value: float) -> str:
    """Floating-point operations a second: `41.2 GFLOP/s`."""
    return _scaled(value, _FLOPS)


def percent(share: float) -> str:
    """A share: `97.2 %`."""
    return f"{number(100 * share)} %"


def times(value: float) -> str:
    """A multiple: `1.80×`."""
    return f"{number(value, keep=True)}×"


def with_unit(value: float, unit: str) -> str:
    """A value in the unit that a criterion names."""
    writers = {"s": seconds, "bytes": size, "share": percent}
    return writers[unit](value) if unit in writers else f"{number(value)} {unit}".strip()


def signed(value: float, text: str) -> str:
    """A difference's text with its sign."""
    return f"+{text}" if value > 0 else text


def spread(mid: float, low: float, high: float, scale: float = 1.0) -> tuple[str, str, str]:
    """A value and the ends of its interval, with as many decimals as the interval deserves: two digits of its half."""
    values = [scale * value for value in (mid, low, high)]
    half = (values[2] - values[1]) / 2
    decimals = 1 - math.floor(math.log10(half)) if half > 0 and math.isfinite(half) else _TOO_FINE
    if decimals >= _TOO_FINE:
        texts = [number(value, 2) for value in values]
    else:
        texts = [_minus(f"{value:z,.{max(0, decimals)}f}") for value in values]
    return texts[0], texts[1], texts[2]


def difference(share: float) -> str:
    """A relative difference: in percent, or as a factor where it is more than the whole."""
    return percent(share) if share < 1 else f"a factor of {number(1 + share)}"


def at_most(share: float) -> str:
    """A share that is not exceeded: rounded up, to one decimal of a percentage."""
    return f"{math.ceil(share * 1000) / 10:.1f} %"


def level(share: float) -> str:
    """A confidence: `99 %`."""
    return percent(share)


def range_of(interval: Interval, unit: str) -> str:
    """The ends of an interval: `1.1 ms to 1.3 ms`."""
    if not unit:
        return f"{number(interval.low, keep=True)} to {number(interval.high, keep=True)}"
    return f"{with_unit(interval.low, unit)} to {with_unit(interval.high, unit)}"


def count(value: int, one: str, many: str | None = None) -> str:
    """How many of something: `1 side`, `3 sides`."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def number_word(value: int) -> str:
    """A small count as a word."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[value] if value < len(words) else str(value)
