"""What a reader must know of a proof besides its verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from paragone.prove.group import Group
from paragone.prove.plan import ProofPlan
from paragone.prove.subject import Subject
from paragone.prove.tolerances import UNDECIDED

_PROBES = {
    "forward_size": "inputs that are shorter by one",
    "forward_padded": "sequences that end in padding",
    "forward_unpadded": "sequences without padding",
    "forward_all_padded": "a sequence that is nothing but padding",
}


def notes(plan: ProofPlan, alive: Sequence[Subject], groups: Sequence[Group]) -> tuple[str, ...]:
    """Fewer steps, dropout, precision, refused probes, rungs that do not decide."""
    found = [plan.note] if plan.note and plan.scope.trains else []
    for subject in alive:
        found += _of(subject)
    if any(subject.only32 for subject in alive):
        found.append(_cost_of_float32(groups))
    for group in groups:
        found += _refused(group)
    left_out = dict.fromkeys(probe for group in groups for probe in group.left_out)
    found += [f"{_PROBES[probe]} were not compared: the task says the size of its inputs" for probe in left_out]
    if plan.scope.ignored:
        found.append(f"reported, but not deciding, as was asked for: {', '.join(plan.scope.ignored)}")
    return tuple(found)


def _of(subject: Subject) -> Iterator[str]:
    if subject.stills():
        yield (
            f"{subject.name} has dropout: its masks never equal those of another framework, so it was switched off on "
            "the ladder, and its rates are compared by themselves; it stays on in what is learned over seeds"
        )
    if subject.only32:
        yield f"{subject.name} cannot run in float64: {subject.only32}"


def _cost_of_float32(groups: Sequence[Group]) -> str:
    """What it costs that float32 decides: how large a difference must be to be seen."""
    floors = [
        max(value for row in trial.result["rows"] for key, value in row.items() if key.startswith("outcome/"))
        for group in groups
        for (_, dtype), trial in group.noise.items()
        if dtype == "float32" and any(key.startswith("outcome/") for key in trial.result["rows"][0])
    ]
    size = f": here outputs after training must part by more than {UNDECIDED * max(floors):.1g}" if floors else ""
    return (
        "so the proof went on in float32. That costs sharpness: a difference of meaning is seen only where it is "
        f"larger than ten times what rounding does{size}; in float64 it would be seen from 1e-8 on"
    )


def _refused(group: Group) -> Iterator[str]:
    """Probes that one side accepts and another refuses: nothing decides by them, but a reader should know."""
    for probe, words in _PROBES.items():
        refusing = {name: group.refused[name][probe] for name in group.refused if probe in group.refused[name]}
        accepting = [s.name for s in group.subjects if s.name in group.refused and s.name not in refusing]
        if refusing and accepting:
            reasons = "; ".join(f"{name} refuses them ({reason})" for name, reason in refusing.items())
            take = "takes" if len(accepting) == 1 else "take"
            yield f"{words} were not compared: {reasons}; {', '.join(accepting)} {take} them"
