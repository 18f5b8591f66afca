"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.first_task import EXAMPLES, contender

from paragone.measure.sets import Contender
from paragone.workers.spawn import Worker


@dataclass(frozen=True)
class Finding:
    """One answer, beside what it must be.

    Args:
        what: what was asked.
        known: the answer that is known, in words with a unit.
        found: what the instrument said, in words with a unit.
        off: how far it is from the answer, as a share of what is allowed; 1 is just allowed.
        figures: what it was computed from.
        told: whether that is an answer; an interval may hold what is allowed and what is not.
    """

    what: str
    known: str
    found: str
    off: float
    figures: dict[str, Any]
    told: bool = True

    @property
    def holds(self) -> bool:
        """Whether that is near enough."""
        return self.off <= 1


@dataclass(frozen=True)
class Check:
    """A question whose answer is known.

    Args:
        name: of its rows.
        about: what is done, and what must come out.
        place: where it comes on the page.
        sides: whose training step it can be asked of.
        run: asks it of a side; a folder for scratch files.
    """

    name: str
    about: str
    place: int
    sides: tuple[str, ...]
    run: Callable[[str, Path], Iterator[Finding]]


def side_with(side: str, lines: str, folder: Path, name: str) -> Contender:
    """The first task's side with more lines before its own `load_data`, as a file in `folder`."""
    base = contender(side, "idiomatic", folder, name)
    text = (EXAMPLES / f"{side}_side.py").read_text(encoding="utf-8")
    before, function, after = text.partition("\n\n\ndef load_data")
    file = folder / f"{name}.py"
    file.write_text(f"{before}\n{lines}{function}{after}", encoding="utf-8")
    return replace(base, spec=replace(base.spec, file=str(file)))


@contextmanager
def started(one: Contender, folder: Path) -> Iterator[tuple[Worker, dict[str, Any]]]:
    """A fresh process after its first two steps, as the measure stage starts it, with one thread."""
    spec = replace(one.spec, threads=1)
    with Worker(spec, folder / f"{one.side}.log", fresh=True) as worker:
        yield worker, worker.call("time_start", track=one.track)
