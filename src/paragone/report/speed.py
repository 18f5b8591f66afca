"""Who is faster, in plain words: the verdicts of the ratios told from the side that needs least."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from paragone.records import BreakEven, ContenderTiming, Interval, Ratio, Run, Timings
from paragone.report.figures import at_most, count, difference, number, seconds, times
from paragone.report.phrases import Figure, Phrase, capitalised, linked, listed, listed_phrases
from paragone.report.samples.timing import break_even_key, contender_key, ratio_key

STEP = "step"
LESS, MORE = ("faster", "less"), ("slower", "more")
NOT_SAME = "As written they are not the same task, so this compares different work."
NOT_PROVEN = "They were not proven to be the same task, so this may compare different work."
_BLIND = 0.25
"""Who could only have seen a larger difference than this says nothing of a tie."""


def quantities(ratios: Sequence[Ratio]) -> list[str]:
    """What was compared, in the order of the record."""
    return list(dict.fromkeys(ratio.quantity for ratio in ratios))


def tracks(ratios: Sequence[Ratio]) -> list[str]:
    """The tracks, in the order of the record."""
    return list(dict.fromkeys(ratio.track for ratio in ratios))


def caveat(run: Run) -> str:
    """What must be said beside every ratio, if anything."""
    if run.proof is None:
        return NOT_PROVEN
    if run.proof.verdict == "same":
        return ""
    return NOT_SAME if run.proof.verdict == "different" else NOT_PROVEN


def speed_lines(run: Run) -> tuple[str, tuple[Phrase, ...]]:
    """The verdict on the speed of a training step, and the sentences behind it."""
    if run.timings is None:
        return "Not measured", (("The timing was not run.",),)
    ratios = run.timings.ratios
    told = [standing(ratios, track, STEP) for track in tracks(ratios)]
    told = [one for one in told if one[1]]
    if not told:
        return "Not measured", (("Fewer than two sides were timed.",),)
    warning = caveat(run)
    lines = [line for _, line in told]
    return told[0][0], (*lines, (warning,)) if warning else tuple(lines)


def alone(timings: Timings) -> tuple[str, Literal["none", "bad"], tuple[Phrase, ...]]:
    """Of one side alone: the time of its step on its first track, how it looks, and a sentence a track."""
    timed = [(one, one.step_s) for one in timings.contenders if one.step_s is not None]
    if not timed:
        return "Not measured", "bad", tuple((one.why,) for one in timings.contenders)
    lines = tuple(_step(one, step, several=len(timed) > 1) for one, step in timed)
    return seconds(timed[0][1].mid), "none", lines


def _step(one: ContenderTiming, step: Interval, *, several: bool) -> Phrase:
    sheet = contender_key(one.side, one.track)
    name = f"{one.side}, {one.track}" if several else one.side
    ends = Figure(f"{seconds(step.low)} to {seconds(step.high)}", sheet)
    over = Figure(count(step.n, "set"), sheet)
    return (f"A training step of {name} takes ", Figure(seconds(step.mid), sheet), " (", ends, ", over ", over, ").")


def standing(ratios: Sequence[Ratio], track: str, quantity: str) -> tuple[str, Phrase]:
    """Who leads in one quantity of one track: a verdict and a sentence; both empty where nothing was compared."""
    mine = [ratio for ratio in ratios if (ratio.track, ratio.quantity) == (track, quantity)]
    if not mine:
        return "", ()
    about = _about(track, quantity, alone=len(tracks(ratios)) == 1)
    held = [ratio for ratio in mine if ratio.verdict == "withheld"]
    if held:
        return "Withheld", (f"{about}: no ranking is given, because ", *_why_held(held[0]), ".")
    if all(ratio.verdict == "tie" for ratio in mine):
        return _all_tie(mine, about)
    return _leaders(mine, about)


def _why_held(ratio: Ratio) -> Phrase:
    return linked(ratio.sentence.removeprefix("withheld: "), ratio_key(ratio))


def _about(track: str, quantity: str, alone: bool) -> str:
    """What was compared; the track is named where there is more than one."""
    name = "A training step" if quantity == STEP else capitalised(quantity)
    return name if alone else f"{name}, {track}"


def _all_tie(ratios: Sequence[Ratio], about: str) -> tuple[str, Phrase]:
    if all(ratio.excluded for ratio in ratios):
        farthest = max(ratios, key=lambda ratio: ratio.apart or 0.0)
        return "A tie", (f"{about}: no difference was seen; they are less than ", _apart(farthest), " apart.")
    widest = max(ratios, key=lambda ratio: ratio.detectable)
    seen = Figure(difference(widest.detectable), ratio_key(widest))
    if widest.detectable > _BLIND:
        return "Not told apart", (
            f"{about}: too little was seen to say; only a difference above ",
            seen,
            " would have shown. A larger --budget or a quieter machine shows more.",
        )
    return "A tie", (f"{about}: no difference was seen; any above ", seen, " would have shown.")


def _apart(ratio: Ratio) -> Figure:
    return Figure(at_most(ratio.apart or 0.0), ratio_key(ratio))


def _leaders(ratios: Sequence[Ratio], about: str) -> tuple[str, Phrase]:
    """Those that no other is ahead of, and by how much they are ahead of the rest."""
    names = list(dict.fromkeys(name for ratio in ratios for name in (ratio.a, ratio.b)))
    decided = [ratio for ratio in ratios if ratio.verdict in LESS + MORE]
    behind = {ahead_of(ratio)[1] for ratio in decided}
    leaders = [name for name in names if name not in behind]
    if not leaders:
        return "No clear order", (f"{about}: the pairs contradict each other.",)
    gaps = [ratio for ratio in decided if ahead_of(ratio)[0] in leaders]
    told = [told_gap(ratio, subject=len(leaders) > 1 or not place) for place, ratio in enumerate(gaps)]
    tie = f"{listed(leaders)} tie; " if len(leaders) > 1 else ""
    return listed(leaders), (f"{about}: {tie}", *listed_phrases(told), ".")


def ahead_of(ratio: Ratio) -> tuple[str, str]:
    """The side that needs less, and the other."""
    return (ratio.a, ratio.b) if ratio.verdict in LESS else (ratio.b, ratio.a)


def oriented(ratio: Ratio) -> tuple[float, float, float]:
    """The ratio with its ends, written so that it is the multiple that the other side needs."""
    if ratio.verdict in LESS:
        return 1 / ratio.ratio, 1 / ratio.high, 1 / ratio.low
    return ratio.ratio, ratio.low, ratio.high


def between(low: float, high: float, sheet: str) -> Phrase:
    """The ends of an interval: `1.02 to 1.06`."""
    return Figure(number(low, keep=True), sheet), " to ", Figure(number(high, keep=True), sheet)


def told_gap(ratio: Ratio, subject: bool = True) -> Phrase:
    """`torch is 1.8× as fast as keras (1.7 to 1.9)`."""
    first, other = ahead_of(ratio)
    sheet = ratio_key(ratio)
    mid, low, high = oriented(ratio)
    multiple = Figure(times(mid), sheet)
    ends = (" (", *between(low, high, sheet), ")")
    if ratio.verdict in ("less", "more"):
        return (f"{other} needs ", multiple, f" as much as {first}", *ends)
    return (f"{first} is " if subject else "", multiple, f" as fast as {other}", *ends)


def told_break_even(one: BreakEven) -> Phrase:
    """From how many training steps on the one that starts more slowly is ahead."""
    return (*linked(one.sentence, break_even_key(one)), ".")


def told_ratio(ratio: Ratio, track: str = "") -> Phrase:
    """One pair's verdict in one sentence; `track` is said where there are several."""
    end = f", {track}." if track else "."
    if ratio.verdict in LESS + MORE:
        return (*told_gap(ratio), end)
    if ratio.verdict == "withheld":
        return (f"Withheld for {ratio.a} and {ratio.b}, because ", *_why_held(ratio), end)
    if ratio.excluded:
        return (f"A tie between {ratio.a} and {ratio.b}: they are less than ", _apart(ratio), f" apart{end}")
    seen = Figure(difference(ratio.detectable), ratio_key(ratio))
    return (f"A tie between {ratio.a} and {ratio.b}: any difference above ", seen, f" would have shown{end}")
