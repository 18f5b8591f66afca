"""One row of the ledger: the files of a job are written, proven, and judged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.trapbench.clean import Clean, batch_size_of, clean_pairs
from benchmarks.trapbench.detectors import seen
from benchmarks.trapbench.hosts import HOSTS, checked
from benchmarks.trapbench.proving import STEPS, Asked, Proved, prove
from benchmarks.trapbench.score import judge, layer_names, told
from benchmarks.trapbench.two import two_at_once
from benchmarks.trapbench.variants import Variant, variants

from paragone.job import code_digest


@dataclass(frozen=True)
class Job:
    """A proof to be done.

    Args:
        kind: `planted`, `two` or `clean`.
        name: of the row.
        host: the model.
        codes: of both sides.
        frameworks: of both sides.
        verdict: what of the proof is right.
        about: columns of the row.
        seed: of the proof.
        batch_size: samples a step.
        dtype: the precision that decides.
        rungs: which are climbed; empty means all.
    """

    kind: str
    name: str
    host: str
    codes: tuple[str, str]
    frameworks: tuple[str, str]
    verdict: Callable[[Proved], dict[str, Any]]
    about: dict[str, Any]
    seed: int
    batch_size: int
    dtype: str = "float64"
    rungs: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Of both files and how they are proven."""
        key = "\0".join((*self.codes, str((self.seed, self.batch_size, self.dtype, self.rungs))))
        return hashlib.sha256(key.encode()).hexdigest()[:16]


def jobs(kind: str) -> list[Job]:
    """All proofs of a kind."""
    return {"planted": _planted, "two": _two, "clean": _clean}[kind]()


def run(job: Job, folder: Path) -> dict[str, Any]:
    """The row of a job."""
    place = folder / job.host
    a, b = (_saved(place / str(turn), job.codes[turn], job.frameworks[turn]) for turn in (0, 1))
    asked = Asked((a, b), HOSTS[job.host].table()["data"]["source"], job.batch_size, job.seed, job.dtype, job.rungs)
    done = prove(asked, place)
    return {
        **job.about,
        "digest": job.digest,
        "program": code_digest()[:12],
        **job.verdict(done),
        "told": dict(told(done.pair)),
        "detectors": seen(done.traces, STEPS),
        "failure": done.failure.replace(str(folder), "")[:300],
    }


def _saved(place: Path, code: str, framework: str) -> Path:
    path = place / hashlib.sha256(code.encode()).hexdigest()[:10] / f"{framework}_side.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code, encoding="utf-8")
    return path


def _planted() -> list[Job]:
    return [job_of(one) for one in variants()]


def job_of(one: Variant) -> Job:
    """The proof of a planted variant."""
    codes = one.codes()
    about = {
        "row": one.trap.row, "host": one.host, "side": one.side, "wanted": list(one.trap.causes), "rung": one.trap.rung
    }  # fmt: skip
    size = checked(one.host).task.training.batch_size
    frameworks = one.against, one.side
    return Job("planted", one.name, one.host, codes, frameworks, _judging(one, codes[0]), about, 0, size)


def _judging(one: Variant, clean: str) -> Callable[[Proved], dict[str, Any]]:
    layers, causes = one.layers(), one.trap.causes

    def verdict(done: Proved) -> dict[str, Any]:
        names = layer_names(clean, layers, done.lines[0]) if done.lines else {}
        return dict(judge(done.pair, causes, layers, names))

    return verdict


def _two() -> list[Job]:
    return [
        Job(
            "two", name, first.host, (first.codes()[0], code), (first.against, first.side),
            _judging_two((*first.trap.causes, *second.trap.causes)),
            {"row": f"{first.trap.row}, {second.trap.row}", "host": first.host, "side": first.side,
             "wanted": [*first.trap.causes, *second.trap.causes]},
            0, checked(first.host).task.training.batch_size,
        )
        for name, first, second, code in two_at_once()
    ]  # fmt: skip


def _judging_two(causes: tuple[str, ...]) -> Callable[[Proved], dict[str, Any]]:
    def verdict(done: Proved) -> dict[str, Any]:
        found = dict(judge(done.pair, causes, (), {}))
        return {"different": found["different"], "all": found["all"]}

    return verdict


def _clean() -> list[Job]:
    return [job_of_clean(one) for one in clean_pairs()]


def job_of_clean(one: Clean) -> Job:
    """The proof of a pair that is the same."""
    size, about = batch_size_of(one), {"host": one.host}
    return Job("clean", one.name, one.host, one.codes, one.frameworks, _same, about, one.seed, size, one.dtype)


def _same(done: Proved) -> dict[str, Any]:
    return {"same": done.pair is not None and done.pair.verdict == "same" and not done.pair.causes}
