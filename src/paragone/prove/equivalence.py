"""Whether a cause is worth anything: paired differences over seeds, with their interval and an equivalence test.

A difference that is not significant has not been shown to be small. So two one-sided tests are made of the paired
differences (Schuirmann 1987, doi:10.1007/BF01068419): that they are below the margin, and that they are above minus the
margin. Both must be rejected at 5 %; then the 90 % interval lies within the margin. Every test is Student's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from paragone.errors import InputError
from paragone.records import Interval, Worth

Array = np.ndarray[Any, Any]
Measure = Literal["accuracy", "loss", "training loss"]

LEVEL = 0.95
ALPHA = 0.05
_POINTS = 100.0
_NOTHING = 1e-9
"""Share of the measure below which a change is rounding."""


@dataclass(frozen=True)
class Margin:
    """How much of a measure counts as nothing: in its own unit (accuracy: points), or as a share of its value."""

    value: float
    relative: bool = False

    def __str__(self) -> str:
        return f"{100 * self.value:g} %" if self.relative else f"{self.value:g}"


MARGINS: Mapping[Measure, Margin] = {
    "accuracy": Margin(0.5),
    "loss": Margin(0.02, relative=True),
    "training loss": Margin(0.02, relative=True),
}
"""What counts as nothing where nobody says otherwise: half a point of accuracy, 2 % of a loss."""


def margins(said: tuple[str, ...]) -> dict[Measure, Margin]:
    """The margins, those that were said in place of the usual ones.

    Args:
        said: each `MEASURE=NUMBER` or `MEASURE=PERCENT%`, for example `accuracy=0.5` or `training-loss=1%`.

    Raises:
        InputError: no such measure, or no number above zero.
    """
    found = dict(MARGINS)
    for text in said:
        name, _, number = text.partition("=")
        measure = next((one for one in MARGINS if one == name.strip().replace("-", " ")), None)
        value = _number(number)
        if measure is None or value is None or (measure == "accuracy" and value.relative):
            raise InputError(
                f"--margin cannot be {text}.",
                where="--margin",
                expected="accuracy=POINTS, loss=NUMBER, loss=PERCENT%, training-loss=NUMBER or training-loss=PERCENT%, "
                "above 0",
                received=text,
                next_step="for example --margin accuracy=0.5 --margin loss=2%",
            )
        found[measure] = value
    return found


def _number(text: str) -> Margin | None:
    text = text.strip()
    relative = text.endswith("%")
    try:
        value = float(text.removesuffix("%")) / (100.0 if relative else 1.0)
    except ValueError:
        return None
    return Margin(value, relative) if math.isfinite(value) and value > 0 else None


def worth(measure: Measure, present: Array, absent: Array, margin: Margin) -> Worth | None:
    """What a cause is worth in one measure; None where a training gave no finite number.

    Args:
        measure: what was measured; an accuracy is a share.
        present: with the cause, a value a seed.
        absent: without it, for the same seeds.
        margin: how much counts as nothing.
    """
    scale = _POINTS if measure == "accuracy" else 1.0
    present, absent = scale * np.asarray(present, np.float64), scale * np.asarray(absent, np.float64)
    if len(present) < 2 or not (np.isfinite(present).all() and np.isfinite(absent).all()):
        return None
    differences = present - absent
    bound = margin.value * np.abs(absent) if margin.relative else np.full_like(absent, margin.value)
    size = max(float(np.abs(absent).max()), float(np.abs(present).max()))
    interval, p = paired(differences), float(tost(differences, bound))
    return Worth(
        measure=measure,
        margin=margin.value,
        relative=margin.relative,
        difference=interval,
        p_equivalent=p,
        verdict=_verdict(interval, p),
        nothing=bool(np.abs(differences).max() <= _NOTHING * size),
    )


def _verdict(interval: Interval, p: float) -> Literal["equivalent", "different", "undecided"]:
    if p < ALPHA:
        return "equivalent"
    return "different" if interval.low > 0 or interval.high < 0 else "undecided"


def tost(differences: Array, bound: Array) -> Array:
    """The larger p-value of both one-sided tests, over the last axis.

    Args:
        differences: paired differences, (…, seeds).
        bound: the margin of each pair, of the same shape; a margin that is a share of a noisy value is so tested as a
            paired difference itself, and not taken for known.
    """
    return np.maximum(_p_below_zero(differences - bound), _p_below_zero(-differences - bound))


def _p_below_zero(values: Array) -> Array:
    """Student's one-sided p-value of the mean being below zero; without any spread it is 0 or 1."""
    from scipy.stats import t

    n, mid = values.shape[-1], values.mean(-1)
    spread = values.std(-1, ddof=1) / np.sqrt(n)
    flat = spread <= np.finfo(np.float64).eps * np.abs(mid)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = t.cdf(mid / spread, n - 1)
    return np.where(flat, np.where(mid < 0, 0.0, 1.0), p)


def paired(differences: Array) -> Interval:
    """Mean difference with its t-interval over seeds."""
    from scipy.stats import t

    n, mid = len(differences), float(differences.mean())
    spread = float(differences.std(ddof=1) / np.sqrt(n)) if n > 1 else 0.0
    half = float(t.ppf(0.5 + LEVEL / 2, n - 1)) * spread if n > 1 else 0.0
    return Interval(mid=mid, low=mid - half, high=mid + half, level=LEVEL, n=n)


# ---------------------------------------------------------------------- in words


def in_words(one: Worth) -> str:
    """What it is worth in one measure: `costs 0.4 points of accuracy (0.1 to 0.7)`."""
    if one.nothing:
        return f"nothing in {_NAMES[one.measure]}"
    if one.verdict == "equivalent":
        limit = Margin(one.margin, one.relative)
        unit = " points" if one.measure == "accuracy" else ""
        return f"{_THINGS[one.measure]} equivalent: less than {limit}{unit} either way ({_p(one.p_equivalent)})"
    if one.verdict == "undecided":
        return f"{_THINGS[one.measure]} not decided by {one.difference.n} seeds: {_range(one, signed=True)}"
    up = one.difference.mid > 0
    if one.measure == "accuracy":
        return f"{'gains' if up else 'costs'} {_size(one)} points of accuracy ({_range(one)})"
    return f"{'raises' if up else 'lowers'} {_NAMES[one.measure]} by {_size(one)} ({_range(one)})"


_NAMES = {"accuracy": "accuracy", "loss": "the test loss", "training loss": "the training loss"}
_THINGS = {"accuracy": "accuracy", "loss": "test loss", "training loss": "training loss"}


def _size(one: Worth) -> str:
    return _figure(abs(one.difference.mid), one)


def _range(one: Worth, *, signed: bool = False) -> str:
    low, high = one.difference.low, one.difference.high
    if signed:
        unit = " points" if one.measure == "accuracy" else ""
        return f"{_figure(low, one, sign='+')} to {_figure(high, one, sign='+')}{unit}"
    ends = sorted((abs(low), abs(high)))  # both on one side of zero
    return f"{_figure(ends[0], one)} to {_figure(ends[1], one)}"


def _figure(value: float, one: Worth, sign: str = "") -> str:
    return f"{value:{sign}.2f}" if one.measure == "accuracy" else f"{value:{sign}.2g}"


def _p(p: float) -> str:
    return "p < 0.0001" if p < 1e-4 else f"p = {p:.2g}"
