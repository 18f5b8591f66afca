"""What arrived in the runtimes, in words that the page and the terminal share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from paragone.records import UNARRIVED, Accuracy, Artifact, ArtifactVerdict, Run
from paragone.report.figures import count, number, seconds, spread
from paragone.report.phrases import Figure, Phrase, joined, linked, listed
from paragone.report.samples.artifacts import artifact_key

SYMBOLS: dict[ArtifactVerdict, str] = {
    "same": "✓",
    "different": "≠",
    "less precise": "≈",
    "quantised": "▾",
    "refused": "⊘",
    "failed": "✗",
    "not run": "–",
}


@dataclass(frozen=True)
class Reason:
    """Why some cells are not simply the same: the verdict and the words that they share."""

    verdict: ArtifactVerdict
    why: str
    cells: tuple[Artifact, ...]


def reasons(cells: Iterable[Artifact], verdicts: Sequence[ArtifactVerdict]) -> tuple[Reason, ...]:
    """Cells with one of these verdicts, those with the same reason together, in the order of the verdicts."""
    groups: dict[tuple[ArtifactVerdict, str], list[Artifact]] = {}
    for one in cells:
        groups.setdefault((one.verdict, _reason(one)), []).append(one)
    ordered = sorted(groups, key=lambda group: verdicts.index(group[0]) if group[0] in verdicts else len(verdicts))
    return tuple(Reason(verdict, why, tuple(groups[verdict, why])) for verdict, why in ordered if verdict in verdicts)


def _reason(one: Artifact) -> str:
    """Its reason without what is said beside it: its own distances, so that runtimes of one kind are told together."""
    return one.why.partition(":")[0] if one.verdict == "less precise" else one.why.removeprefix(f"{one.verdict} here: ")


def name_of(one: Artifact) -> str:
    """A target's name inside a sentence, where a comma would part it in two."""
    return one.title.replace(", ", " ")


def placed(cells: Sequence[Artifact]) -> str:
    """`LiteRT and ONNX Runtime of torch`, `LiteRT of torch and jax`: targets of the same sides together."""
    sides_of: dict[str, list[str]] = {}
    for one in cells:
        sides_of.setdefault(name_of(one), []).append(one.side)
    titles_of: dict[tuple[str, ...], list[str]] = {}
    for title, sides in sides_of.items():
        titles_of.setdefault(tuple(dict.fromkeys(sides)), []).append(title)
    return "; ".join(f"{listed(titles)} of {listed(sides)}" for sides, titles in titles_of.items())


def verdict_of(run: Run) -> str:
    """In a few words."""
    same, ran = (sum(holds(one) for one in run.artifacts) for holds in (_same, _ran))
    if not ran:
        return "Nothing ran"
    if same == len(run.artifacts):
        return "All the same"
    return f"{'All' if ran == len(run.artifacts) else f'{ran} of {len(run.artifacts)}'}, {same or 'none'} the same"


def _same(one: Artifact) -> bool:
    return one.verdict == "same"


def _ran(one: Artifact) -> bool:
    return one.ran


def told_arrivals(run: Run) -> Iterator[Phrase]:
    """How many ran, which compute in less or something else, what is lost at most, and how many never came so far."""
    yield (_counted(run.artifacts),)
    different = [one for one in run.artifacts if one.verdict == "different"]
    if different:
        yield _told_different(different)
    for reason in reasons(run.artifacts, ("less precise",)):
        why = _told(reason.why, reason.cells[0]) or ("it computes less precisely than it was asked to",)
        yield (f"{placed(reason.cells)}: ", *why, ".")
    for precision in dict.fromkeys(one.precision for one in run.artifacts if one.verdict == "quantised"):
        yield _told_loss([one for one in run.artifacts if (one.verdict, one.precision) == ("quantised", precision)])
    for note in dict.fromkeys(one.note for one in run.artifacts if one.note):
        yield (f"{placed([one for one in run.artifacts if one.note == note])}: {note}.",)
    numbers = {verdict: sum(one.verdict == verdict for one in run.artifacts) for verdict in UNARRIVED}
    left = [f"{n} {'was' if n == 1 else 'were'} {_WORDS[verdict]}" for verdict, n in numbers.items() if n]
    if left and any(one.ran for one in run.artifacts):
        yield (f"Of the others, {listed(left)}.",)


_WORDS: dict[ArtifactVerdict, str] = {
    "failed": "loaded and failed",
    "refused": "refused",
    "not run": "not run here",
}


def _told_different(cells: Sequence[Artifact]) -> Phrase:
    """`LiteRT of a and b computes something else, 0.31 from its side`, at most where there are several."""
    worst = max(cells, key=lambda one: one.max_rel or 0.0)
    if worst.max_rel is None:
        return (f"{placed(cells)} computes something else.",)
    most = "up to " if len(cells) > 1 else ""
    far = Figure(number(worst.max_rel), artifact_key(worst))
    return (f"{placed(cells)} computes something else, {most}", far, " from its side.")


def _told(why: str, one: Artifact) -> Phrase:
    return linked(why.removesuffix("."), artifact_key(one))


def _counted(cells: Sequence[Artifact]) -> str:
    ran = [one for one in cells if one.ran]
    same = sum(map(_same, ran))
    if len(cells) == 1:
        first = f"{cells[0].side} {'ran' if ran else 'did not run'} in {name_of(cells[0])}"
        return f"{first} and computes the same there as by itself." if same else f"{first}."
    sides, targets = ({one.side for one in cells}, {one.target for one in cells})
    kinds = f"{count(len(sides), 'side')} in {count(len(targets), 'target')}"
    if not ran:
        return f"{kinds}: none ran in its runtime."
    told = f"{kinds}: {len(ran)} of {len(cells)} ran in their runtime"
    if same == len(ran):
        return f"{told}, and {'it computes' if same == 1 else 'all of these compute'} the same as the side itself."
    return f"{told}, and {same or 'none'} of these {'computes' if same < 2 else 'compute'} the same as the side itself."


def _told_loss(cells: Sequence[Artifact]) -> Phrase:
    """What was asked to compute in less: how much accuracy that costs, where it costs most."""
    known = [(one.accuracy.lost, place) for place, one in enumerate(cells) if one.accuracy is not None]
    if not known:
        return (f"Asked for {cells[0].precision}: {placed(cells)}; what that costs was not measured.",)
    worst = cells[max(known)[1]]
    assert worst.accuracy is not None
    told = loses(worst.accuracy, artifact_key(worst))
    most = " No other loses more." if len(known) > 1 else ""
    return (f"Asked for {worst.precision}, {name_of(worst)} of {worst.side} ", *told, f".{most}")


def loses(found: Accuracy, sheet: str) -> Phrase:
    """`loses 0.56 points of accuracy (0.11 to 1.01)`; whether that is certain, where it is not."""
    sign = -1 if found.lost < 0 else 1
    low, high = (found.low, found.high) if sign > 0 else (found.high, found.low)
    lost, *ends = spread(found.lost, low, high, 100 * sign)
    interval = " to ".join(ends)
    if found.lost == 0:
        return ("keeps its accuracy (", Figure(f"{interval} points", sheet), ")")
    unsure = ": not certain" if found.low <= 0 <= found.high else ""
    points = Figure(f"{lost} points", sheet)
    return (_VERBS[sign], points, " of accuracy (", Figure(interval, sheet), f"{unsure})")


_VERBS = {1: "loses ", -1: "gains "}


def loses_in_short(found: Accuracy, sheet: str) -> Phrase:
    """The same without its interval, for a place where there is no room."""
    if found.lost == 0:
        return ("keeps its accuracy",)
    points = spread(abs(found.lost), found.low, found.high, 100)[0]
    return (_VERBS[-1 if found.lost < 0 else 1], Figure(f"{points} points", sheet), " of accuracy")


def told_latencies(run: Run) -> Iterator[Phrase]:
    """How long a request to each side takes where it takes least, and where it takes most."""
    told: list[Phrase] = []
    for side in dict.fromkeys(one.side for one in run.artifacts):
        timed = [(one.latency_s.p50, one) for one in run.artifacts if one.side == side and one.latency_s]
        timed.sort(key=lambda found: found[0])
        ends = [(Figure(seconds(p50), artifact_key(one)), f" in {name_of(one)}") for p50, one in timed]
        if ends:
            told.append((f"{side} ", *joined(ends if len(ends) == 1 else (ends[0], ends[-1]), " to ")))
    if told:
        yield ("A request with one sample takes, by p50: ", *joined(told, "; "), ".")
