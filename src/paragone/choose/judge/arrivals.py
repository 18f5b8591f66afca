"""Findings from deployments: in how many runtimes each framework's side arrives and still computes what it should.

A runtime counts once, whatever the ways of calling it or the precisions that there are targets for. Which runtimes are
tried is our choice, and so is this count in part: it says how many ways are open, and not how good they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from paragone.choose.evidence import Evidence
from paragone.choose.judge.pairs import TENSORFLOW, TITLES, TORCH, Seen, asked, pairs, where
from paragone.choose.judge.pairs import versions as of_sides
from paragone.records import Side
from paragone.records.artifact import ArtifactVerdict
from paragone.records.claim import Answer, Finding, Printed

EDGE = ("litert", "tflite", "executorch", "coreml")
"""Targets for phones, edge devices and microcontrollers begin so."""
WEB = ("_web", "js")
"""Targets for browsers end so; all others are for servers."""
_WAYS = ("_int8", "_float32", "_rest", "_grpc", "_cpp", "_c")
"""Ends of names of targets that are another way into the same runtime, or another precision of it."""
ARRIVED: frozenset[ArtifactVerdict] = frozenset({"same", "less precise", "quantised"})
"""What the runtime computed as it was asked to, or in a shorter format."""


def for_edge(target: str) -> bool:
    """Whether a target is for phones, edge devices and microcontrollers."""
    return target.startswith(EDGE)


def for_servers(target: str) -> bool:
    """Whether a target is for servers."""
    return not for_edge(target) and not target.endswith(WEB)


def runtime(target: str) -> str:
    """The runtime that a target is one way into."""
    return next((target.removesuffix(way) for way in _WAYS if target.endswith(way)), target)


def everywhere(_: str) -> bool:
    """Every target."""
    return True


def arrivals(
    evidence: Evidence, group: Callable[[str], bool], called: str, *, level: Answer = "against"
) -> tuple[Finding, ...]:
    """A finding for each pair of sides that was deployed: in more runtimes is for TensorFlow, in fewer against it.

    Args:
        evidence: the runs.
        group: which targets count.
        called: what these are called.
        level: what it says of the claim that both arrive in as many.
    """
    return asked(evidence, partial(_arrivals, group=group, called=called, level=level))


def _arrivals(one: Seen, group: Callable[[str], bool], called: str, level: Answer) -> Iterator[Finding]:
    for a, b in pairs(one.run):
        tried = {target for target in _tried(one, a) & _tried(one, b) if group(target)}
        here, there = (_places(one, side, tried) for side in (a, b))
        if not tried:
            continue
        difference = len(here) - len(there)
        texts = [str(len(places)) for places in (here, there)]
        yield Finding(
            asks=f"in how many {called} each of them arrives",
            answer="for" if difference > 0 else "against" if difference < 0 else level,
            text=f"{TITLES[TENSORFLOW]} arrives in {texts[0]} and {TITLES[TORCH]} in {texts[1]} of the {called} that "
            f"were tried with both {where(one)}",
            evidence=(one.id,),
            printed=tuple(
                Printed(text=text, evidence=one.id, places=places, how="count")
                for text, places in zip(texts, (here, there), strict=True)
            ),
            section="deployment",
            rests_on=of_sides(a, b) | _packages(one, (a, b), tried),
        )


def _tried(one: Seen, side: Side) -> set[str]:
    """Where it was found out; "not run" says something of this machine and nothing of the side."""
    return {art.target for art in one.run.artifacts if art.side == side.name and art.verdict != "not run"}


def _places(one: Seen, side: Side, targets: set[str]) -> tuple[str, ...]:
    """One place for each runtime in which it arrives, by whatever way."""
    found: dict[str, str] = {}
    for place, art in enumerate(one.run.artifacts):
        if art.side == side.name and art.target in targets and art.verdict in ARRIVED:
            found.setdefault(runtime(art.target), f"artifacts[{place}].verdict")
    return tuple(found.values())


def _packages(one: Seen, sides: tuple[Side, Side], targets: set[str]) -> dict[str, str]:
    names = {side.name for side in sides}
    found = [art for art in one.run.artifacts if art.side in names and art.target in targets]
    return {name: version for art in found for name, version in art.packages.items()}
