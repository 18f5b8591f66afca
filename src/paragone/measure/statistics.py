"""From one log-ratio a set to a ratio with its interval, its verdict and the smallest difference that would have shown.

The process is the unit of repetition (Kalibera and Jones, ISMM 2013): samples inside one process are correlated, so
every set of fresh processes gives one value, and the test is across sets. The interval is Student's t on the mean of
the log-ratios. A run is looked at several times; what each look may spend of the error rate is declared in advance
(`paragone.measure.looks`).

Several pairs are compared at once. Bonferroni keeps the level for all of them together: with `family` pairs each
interval has the `family`-th part of what its look may spend, so the chance of even one false alarm among them is at
most `1 - level`. Unlike Holm's procedure it leaves the interval and the verdict in agreement: a verdict is "tie"
exactly where the interval holds 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from paragone.measure import words
from paragone.records import Interval, Ratio, SpeedVerdict

LEVEL = 0.99
MATTERS = 0.02
"""The smallest difference that matters, where nobody says another: 2 %."""
SUMMARY_LEVEL = 0.95
POWER = 0.9
LONGEST_LOG = 50.0
UNDISTURBED = 0.25


@dataclass(frozen=True)
class Pairing:
    """What a ratio is about: `a / b` of `quantity` among the contenders of `track`; of a size one has less or more."""

    a: str
    b: str
    track: str
    quantity: str
    is_size: bool = False


@dataclass(frozen=True)
class Certainty:
    """How sure the intervals of one look must be.

    Args:
        level: confidence of all `family` intervals at all looks together.
        family: how many pairs are judged at once.
        share: of the error rate `1 - level`, what this look may spend.
    """

    level: float = LEVEL
    family: int = 1
    share: float = 1.0

    @property
    def alpha(self) -> float:
        """Error probability of one interval, both of its ends together."""
        return (1.0 - self.level) * self.share / self.family


def compare(
    pairing: Pairing, log_ratios: Sequence[float], certainty: Certainty | None = None, *, matters: float = MATTERS
) -> Ratio:
    """Judge `a` against `b` from one log-ratio a set.

    Args:
        pairing: what is compared.
        log_ratios: log(a / b), one a set; at least two.
        certainty: how sure the interval must be; alone and looked at once, if None.
        matters: the smallest difference that matters, 0.02 for 2 %.

    Raises:
        ValueError: fewer than two sets, from which no spread can be seen.
    """
    certainty = certainty or Certainty()
    found = estimated(log_ratios, certainty.alpha)
    ratio = Ratio(
        a=pairing.a,
        b=pairing.b,
        track=pairing.track,
        quantity=pairing.quantity,
        ratio=found.mid,
        low=found.low,
        high=found.high,
        level=certainty.level,
        alpha=certainty.alpha,
        verdict=_verdict(found.low, found.high, is_size=pairing.is_size),
        detectable=detectable_at(len(log_ratios), found.error, certainty.alpha),
        apart=found.apart,
        excluded=found.apart < matters,
        log_ratios=tuple(map(float, log_ratios)),
    )
    return ratio.model_copy(update={"sentence": words.of_ratio(ratio)})


@dataclass(frozen=True)
class Estimated:
    """A ratio from its logarithms, one a set.

    Args:
        mid: the geometric mean.
        low: lower end of the interval.
        high: upper end of the interval.
        apart: the largest difference from 1 that the interval holds, whichever way; 0.02 for 2 %.
        error: standard error of the mean logarithm.
    """

    mid: float
    low: float
    high: float
    apart: float
    error: float


def estimated(logs: Sequence[float], alpha: float) -> Estimated:
    """The mean of logarithms, one a set, with Student's interval at error probability `alpha`.

    Raises:
        ValueError: fewer than two sets, from which no spread can be seen.
    """
    values = np.asarray(logs, dtype=np.float64)
    if values.size < 2:
        raise ValueError(f"a ratio needs at least 2 sets, not {values.size}")
    mean, error = float(values.mean()), _standard_error(values)
    reach = _t(1.0 - alpha / 2, values.size) * error
    return Estimated(_exp(mean), _exp(mean - reach), _exp(mean + reach), _exp(abs(mean) + reach) - 1.0, error)


def detectable_at(sets: int, error: float, alpha: float) -> float:
    """The smallest difference that shows with a chance of `POWER`: 0.04 for 4 %.

    Args:
        sets: how many.
        error: standard error of the mean log-ratio.
        alpha: error probability of the interval.
    """
    return _exp((_t(1.0 - alpha / 2, sets) + _t(POWER, sets)) * error) - 1.0


def withhold(ratio: Ratio, why: str) -> Ratio:
    """The same figures without a verdict."""
    return ratio.model_copy(update={"verdict": "withheld", "excluded": False, "sentence": f"withheld: {why}"})


def summarise(values: Sequence[float], *, level: float = SUMMARY_LEVEL) -> Interval:
    """The typical value of a positive quantity over sets: the geometric mean, with Student's interval on the logs."""
    logs = np.log(np.asarray(values, dtype=np.float64))
    mean = float(logs.mean())
    reach = _t(1.0 - (1.0 - level) / 2, logs.size) * _standard_error(logs) if logs.size > 1 else 0.0
    return Interval(
        mid=float(np.exp(mean)),
        low=float(np.exp(mean - reach)),
        high=float(np.exp(mean + reach)),
        level=level,
        n=int(logs.size),
    )


def mean_interval(values: Sequence[float], *, level: float = SUMMARY_LEVEL) -> Interval:
    """The mean over sets with Student's interval, of a number that may be 0 or less; at least two sets."""
    found = np.asarray(values, dtype=np.float64)
    mean, reach = float(found.mean()), _t(1.0 - (1.0 - level) / 2, found.size) * _standard_error(found)
    return Interval(mid=mean, low=mean - reach, high=mean + reach, level=level, n=int(found.size))


def undisturbed_s(block_step_s: Sequence[float]) -> float:
    """One process's seconds a step: the lower quartile over its blocks.

    A neighbour on the machine only ever adds time, and adds more to a contender that uses more cores; the faster blocks
    are those that it left alone (Chen and Revels 2016, arXiv:1608.04295, go as far as the minimum). What a contender
    itself does now and then is inside the blocks, each of which holds many steps.
    """
    return float(np.quantile(np.asarray(block_step_s, dtype=np.float64), UNDISTURBED))


def _standard_error(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(values.std(ddof=1) / np.sqrt(values.size))


def _exp(value: float) -> float:
    """The exponential, cut where a hopelessly wide interval would leave the numbers."""
    return float(np.exp(np.clip(value, -LONGEST_LOG, LONGEST_LOG)))


def _t(probability: float, n: int) -> float:
    return float(stdtrit(n - 1, probability))


def _verdict(low: float, high: float, *, is_size: bool) -> SpeedVerdict:
    if low <= 1.0 <= high:
        return "tie"
    if is_size:
        return "less" if high < 1.0 else "more"
    return "faster" if high < 1.0 else "slower"
