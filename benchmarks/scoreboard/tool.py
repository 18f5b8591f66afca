"""What a tool of the scoreboard is: a way to time two programs, and what it says about them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

UNIT_STEPS = 100
"""Training steps of one pass of the program as it is; the slowed one takes some more."""
PROGRAMS = Path(__file__).resolve().parent / "programs"
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "KERAS_BACKEND": "tensorflow",
}

Said = Literal["slower", "faster", "tie", "withheld"]


@dataclass(frozen=True)
class Probe:
    """How long the program takes, as whoever times it would know: seconds to the first pass, and of a pass."""

    start_s: float
    pass_s: float


@dataclass(frozen=True)
class Trial:
    """Two programs to be told apart, or not.

    Args:
        side: whose training step it is, of the first task.
        planted: share of steps that the slowed program takes more; 0 makes the two identical.
        budget_s: wall time for both, start-ups included.
        slowed_first: whether the slowed one is timed first, where one is.
        seed: number of the trial.
        folder: for files of the tool.
        probe: how long the program takes.
    """

    side: str
    planted: float
    budget_s: float
    slowed_first: bool
    seed: int
    folder: Path
    probe: Probe

    @property
    def slowed_steps(self) -> int:
        """Steps of one pass of the slowed program."""
        return round(UNIT_STEPS * (1 + self.planted))

    def in_order(self) -> list[tuple[str, int]]:
        """Name and steps of both programs, in the order in which they are timed."""
        both = [("as_it_is", UNIT_STEPS), ("slowed", self.slowed_steps)]
        return both[::-1] if self.slowed_first else both


@dataclass(frozen=True)
class Verdict:
    """What a tool says about the slowed program.

    Args:
        rule: how its figures are read as an answer.
        said: what the slowed program is, beside the other.
        ratio: the slowed program's time over the other's.
    """

    rule: str
    said: Said
    ratio: float


@dataclass(frozen=True)
class Tool:
    """One way of timing.

    Args:
        name: of its rows.
        title: for people.
        about: how it is used here, and where its documentation says so.
        place: where it comes on the page.
        version: what is used; empty where it has none.
        needs: what must be installed for it; empty where that is always so.
        found: whether that is installed.
        run: times the two programs; a verdict for each rule.
    """

    name: str
    title: str
    about: str
    place: int
    version: Callable[[], str]
    needs: str
    found: Callable[[], bool]
    run: Callable[[Trial], Sequence[Verdict]]


def judged(ratio: float, different: bool) -> Said:
    """A difference, said of the slowed program."""
    return ("slower" if ratio > 1 else "faster") if different else "tie"


def ask(program: str, *words: object, environment: dict[str, str] | None = None) -> str:
    """The standard output of one of our programs, with one thread.

    Raises:
        RuntimeError: it failed; the text is what it said.
    """
    return call([sys.executable, str(PROGRAMS / program), *map(str, words)], environment)


def call(command: Sequence[str], environment: dict[str, str] | None = None) -> str:
    """The standard output of a command.

    Raises:
        RuntimeError: it failed; the text is what it said.
    """
    env = {**os.environ, **ONE_THREAD, **(environment or {})}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def probe(side: str) -> Probe:
    """Time one start and a few passes."""
    began = time.monotonic()
    passes = [float(word) for word in ask("passes.py", side, UNIT_STEPS, began + 0.001, 3).split()]
    return Probe(time.monotonic() - began - sum(passes), min(passes))
