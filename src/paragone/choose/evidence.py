"""What a claim, a constraint or a criterion may rest on: own runs, runs and counts that ship with us, dated facts.

Loading it imports neither NumPy nor a framework; what is installed is asked of the packages' metadata alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from paragone.choose.facts import facts
from paragone.choose.learning import learning
from paragone.history.runs import lookup, run_id
from paragone.records import Fact, Machine, Run
from paragone.records.learning import Learning
from paragone.saved import parsed

THIS_RUN = "this run"
"""The id of a run inside of its own record, which its id is made from."""


def installed_version(package: str) -> str | None:
    """The version of an installed distribution, of its metadata; None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


@dataclass(frozen=True)
class OwnRun:
    """A run of the user's own.

    Args:
        id: as in the history of this machine; `this run` inside of its own record.
        run: its whole record.
        folder: where it was left, as it was named; empty where it came from the history, or is still being made.
    """

    id: str
    run: Run
    folder: str = ""


@dataclass(frozen=True)
class Reference:
    """A run that ships with us, made by `make reference`; its record has no raw samples.

    Args:
        id: `reference/NAME`.
        run: its record.
    """

    id: str
    run: Run

    @property
    def machine(self) -> Machine:
        """The machine that it was made on."""
        return self.run.machine

    @property
    def made(self) -> date:
        """The day on which it was made."""
        return date.fromisoformat(self.run.created[:10])

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of the packages that took part."""
        return self.run.machine.packages


@dataclass(frozen=True)
class Evidence:
    """Everything that there is.

    Args:
        runs: the user's own, if any; the first one counts first.
        reference: the runs that ship with us.
        facts: by their ids.
        learning: what there is to learn of each framework, as it ships; a proxy.
        today: facts that are to be looked at again by now say so.
        installed: the version of a package on this machine, or None.
    """

    runs: tuple[OwnRun, ...] = ()
    reference: tuple[Reference, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    learning: Learning | None = None
    today: date = field(default_factory=date.today)
    installed: Callable[[str], str | None] = installed_version

    @property
    def every_run(self) -> tuple[OwnRun | Reference, ...]:
        """The user's own runs, then the reference runs."""
        return (*self.runs, *self.reference)


def stored_evidence(runs: Iterable[str | Path] = ()) -> Evidence:
    """The evidence that there is without measuring anything.

    Args:
        runs: the user's own, each a folder or the first letters of an id in the history.

    Raises:
        InputError: there is no such run, or its record is damaged.
    """
    return Evidence(tuple(map(_own, runs)), references(), facts(), learning())


def evidence_of(run: Run) -> Evidence:
    """The evidence for a run's own record, while it is being made."""
    return Evidence((OwnRun(THIS_RUN, run),), references(), facts(), learning())


def _own(word: str | Path) -> OwnRun:
    run = lookup(word)
    return OwnRun(run_id(run), run, str(word) if Path(word).exists() else "")


@cache
def references() -> tuple[Reference, ...]:
    """The runs that ship with us, in the order of their names; none before `make reference` has made them."""
    found = sorted(files("paragone.choose").joinpath("reference").iterdir(), key=lambda entry: entry.name)
    return tuple(
        Reference(f"reference/{one.name.removesuffix('.json')}", parsed(one.read_text(encoding="utf-8"), one.name))
        for one in found
        if one.name.endswith(".json")
    )
