"""What a choice rests on: runs and facts, with their dates and when to look at them again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from paragone.choose.candidates import Candidate, Found
from paragone.choose.wording import either
from paragone.records import Source


def made_on(candidates: Sequence[Candidate]) -> str:
    """The day of the latest run; nothing where no run says it."""
    return max((found.evidence.made for one in candidates for found in one.found), default="")


def sources_of(candidates: Sequence[Candidate]) -> Iterator[Source]:
    """Every run in which a candidate took part."""
    runs: dict[str, list[Found]] = {}
    for one in candidates:
        for found in one.found:
            runs.setdefault(found.evidence.id, []).append(found)
    for id_, found_there in sorted(runs.items(), key=lambda row: (not row[1][0].evidence.own, row[0])):
        versions = sorted({f"{found.side.framework} {found.side.version}" for found in found_there})
        first = found_there[0].evidence
        yield Source(
            id=id_,
            what=first.title or "a run",
            made=first.made,
            look_again=f"when {either(versions)} has another version, or the task, its data or the machine changes",
        )
