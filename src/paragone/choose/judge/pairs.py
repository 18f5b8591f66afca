"""The runs that are asked, and in them the sides of TensorFlow and of PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product

from paragone.choose.evidence import Evidence, OwnRun, Reference
from paragone.records import Run, Side
from paragone.records.claim import Finding

Seen = OwnRun | Reference
TENSORFLOW, TORCH = "tensorflow", "torch"
TITLES = {TENSORFLOW: "Keras on TensorFlow", TORCH: "PyTorch"}
NOT_SAME = "though the two are not the same task"
NOT_PROVEN = "though it was not shown that the two are the same task"


def asked(evidence: Evidence, find: Callable[[Seen], Iterable[Finding]]) -> tuple[Finding, ...]:
    """What the user's own runs have to say; where they say nothing, the runs that ship with us."""
    own = tuple(finding for one in evidence.runs for finding in find(one))
    return own or tuple(finding for one in evidence.reference for finding in find(one))


def pairs(run: Run) -> Iterator[tuple[Side, Side]]:
    """Every side in Keras on TensorFlow with every side in PyTorch, of those that ran."""
    ok = [side for side in run.sides if side.status == "ok"]
    ours = [side for side in ok if side.framework == TENSORFLOW and side.backend == TENSORFLOW]
    theirs = [side for side in ok if side.framework == TORCH and side.backend == TORCH]
    yield from product(ours, theirs)


def caveat(run: Run, a: str, b: str) -> str:
    """What must be said beside a ratio of two sides; empty where they were proven to be the same task."""
    found = run.proof.pairs if run.proof else ()
    verdict = next((pair.verdict for pair in found if {pair.a, pair.b} == {a, b}), "not run")
    return {"same": "", "different": f", {NOT_SAME}"}.get(verdict, f", {NOT_PROVEN}")


def versions(*sides: Side) -> dict[str, str]:
    """What a finding about these sides rests on; of a side in another interpreter nothing that is installed here."""
    return {name: version for side in sides if not side.python for name, version in side.packages.items()}


def where(one: Seen, track: str = "") -> str:
    """Which run it is of, for the end of a clause."""
    run = one.id if isinstance(one, Reference) or one.id.startswith("this") else f"run {one.id}"
    return f"({', '.join(filter(None, (run, track)))})"


def written_to_match(one: Seen) -> bool:
    """Whether we wrote the sides of a run to match each other: they say nothing of what people write."""
    words = one.run.reproduce.command.split()
    files = [word for word in words if word.partition(":")[0].endswith(".py")]
    return not files and "plain" not in (one.run.reproduce.options.get("fidelity"), *words)
