"""A ratio in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from paragone.records import BreakEven, Forecast, Ratio, Steadiness

FAILED_ITSELF = "two processes of the same contender came out as different in this run"
TOO_NOISY = "the machine was too noisy in this run for any difference to show"
HOPELESS = 9.0


def of_ratio(ratio: Ratio) -> str:
    """One sentence, told from the side of the contender that needs less."""
    if ratio.verdict == "tie":
        return _of_tie(ratio)
    if ratio.verdict in ("faster", "less"):
        better, worse, times = ratio.a, ratio.b, (1 / ratio.ratio, 1 / ratio.high, 1 / ratio.low)
    else:
        better, worse, times = ratio.b, ratio.a, (ratio.ratio, ratio.low, ratio.high)
    mid, low, high = _as_text(*times)
    if ratio.verdict in ("less", "more"):
        return f"{worse}'s {ratio.quantity} is {mid} times {better}'s ({low} to {high})"
    return f"{better}'s {ratio.quantity} is {mid} times as fast as {worse}'s ({low} to {high})"


def of_self_test(ratio: Ratio) -> str:
    """What the run says about its own instrument."""
    _, low, high = _as_text(ratio.ratio, ratio.low, ratio.high)
    subject = f"{ratio.quantity} of a contender against a second process of itself: {low} to {high}"
    return f"{subject} holds 1, as it should" if ratio.verdict == "tie" else f"{subject} must hold 1 and does not"


def of_forecast(told: Forecast) -> str:
    """What the run will be able to see, and when: `in about 40 s any difference above 4.0 % will show`."""
    seen = _seen(told.detectable)
    if not seen:
        return f"after {told.sets} sets the machine looks too noisy for any difference to show within the budget"
    return f"in about {told.seconds:.0f} s {seen} in the time of a step will show, if the machine stays as it is"


def of_steadiness(told: Steadiness) -> str:
    """Whether a contender stayed as fast as it was, for after its name: `is not steady: its steps became …`."""
    if told.verdict == "steady":
        return f"is steady: its steps changed by less than {rounded_up(told.apart)} while they were timed"
    if told.verdict == "undecided":
        return f"may or may not be steady: its steps changed by at most {rounded_up(told.apart)} while they were timed"
    if 2 * told.cold > told.processes:
        longest = f"{told.warmup_s:.1f} s"
        return f"is not steady: {told.cold} of its {told.processes} processes were not warm after {longest}"
    way = "slower" if told.drift > 1 else "faster"
    changes = sorted(abs(1 - end) for end in (told.low, told.high))
    mid, low, high = (percent(change) for change in (abs(1 - told.drift), *changes))
    return f"is not steady: its steps became {mid} {way} while they were timed ({low} to {high})"


def moved(sides: Sequence[str]) -> str:
    """Why a ratio between sides of which some are not steady has no verdict."""
    who = " and ".join(sides)
    return f"{who} {'is' if len(sides) == 1 else 'are'} not steady, and moved further than the sides are apart"


def of_break_even(one: BreakEven) -> str:
    """From which step on who is ahead: `torch starts sooner; from about 1,200 steps on (800 to 2,100) jax is ahead`."""
    sooner, later = one.sooner, one.later
    if one.sooner_track != one.later_track:
        sooner, later = f"{sooner} ({one.sooner_track})", f"{later} ({one.later_track})"
    low, mid, high = (f"{_two_digits(steps):,}" for steps in (one.low, one.steps, one.high))
    return f"{sooner} starts sooner; from about {mid} training steps on ({low} to {high}) {later} is ahead"


STRANGERS_CORES = 0.1


def of_load(loads: Sequence[tuple[int, float, float]], parent_cpu_share: float) -> Iterator[str]:
    """What else the machine did.

    Args:
        loads: of each set its number from 0, the load average before it, and the cores that strangers kept busy.
        parent_cpu_share: the share of a core that this program used itself.
    """
    before = [load for _, load, _ in loads]
    yield f"load average of the machine before the {len(loads)} sets: {min(before):.2f} to {max(before):.2f}"
    yield f"the parent used {percent(parent_cpu_share)} of a core while contenders were timed"
    busy = [number + 1 for number, _, others in loads if others > STRANGERS_CORES]
    if busy:
        most = max(others for _, _, others in loads)
        listed = ", ".join(map(str, busy))
        yield f"other programs kept up to {most:.1f} cores busy while contenders were timed (sets: {listed})"


def _two_digits(steps: float) -> int:
    return int(float(f"{steps:.2g}"))


def _of_tie(ratio: Ratio) -> str:
    if ratio.excluded and ratio.apart is not None:
        return f"tie: they are less than {rounded_up(ratio.apart)} apart"
    seen = _seen(ratio.detectable)
    return f"tie: {seen} would have shown" if seen else f"tie: {TOO_NOISY}"


def _seen(detectable: float) -> str:
    """The differences that can be told from none; empty where even a factor of ten cannot."""
    if detectable < 1:
        return f"any difference above {percent(detectable)}"
    return f"only a factor of {1 + detectable:.1f} or more" if detectable < HOPELESS else ""


def rounded_up(share: float) -> str:
    """A share as a percentage that it does not exceed, with one decimal."""
    return f"{math.ceil(share * 1000) / 10:.1f} %"


def percent(share: float) -> str:
    """A share as a percentage, with one decimal below 10 %."""
    return f"{share * 100:.1f} %" if share < 0.1 else f"{share * 100:.0f} %"


def _as_text(mid: float, low: float, high: float) -> tuple[str, str, str]:
    """Three multiples with as many decimals as it takes to tell the ends apart, three at most."""
    for decimals in (1, 2, 3):
        texts = (f"{mid:.{decimals}f}", f"{low:.{decimals}f}", f"{high:.{decimals}f}")
        if texts[1] != texts[2] and float(texts[1]) != 1.0:
            break
    return texts
