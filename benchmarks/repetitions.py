"""Whether the choice of the whole stays the same: `python -m benchmarks.repetitions [TASK] [--times 20]`.

Every repetition is one `paragone compare` in a folder of its own: proof, timing, deployment, everything anew. Of its
record alone, and of no run that ships with us, every profile chooses. What each chose is kept in
docs/results/repetitions.json as soon as it is known, so that the counts grow from one run of this to the next; the page
beside it is written of that. A profile stays the same where all repetitions but one in twenty name the same winners or
say that there is no robust one.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from paragone.choose.profile import named, profiles
from paragone.choose.stored import choose_stored
from paragone.choose.wording import either
from paragone.records import Choice
from paragone.saved import read_run

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "docs" / "results"
SCRATCH = ROOT / "runs" / "repetitions"
TARGETS = ("onnxruntime", "litert", "litert_int8")
"""A runtime for servers, to which all sides come, and one for phones with its int8."""
ABSTAINED = ("no robust winner", "nothing to choose")
AGREE = 19 / 20


def main() -> None:
    """Repeat, and write the page after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", nargs="?", default="digits-mlp")
    parser.add_argument("--times", type=int, default=20, help="repetitions to add")
    parser.add_argument("--budget", type=float, default=60.0, help="seconds of timing in each")
    parser.add_argument("--scratch", type=Path, default=SCRATCH, help="where the runs' folders are")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the counts and the page go")
    given = parser.parse_args()
    path = given.results / "repetitions.json"
    for number in range(given.times):
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        kept.setdefault(given.task, []).append(
            repeated(given.task, given.budget, given.scratch / Path(given.task).stem)
        )
        path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        (given.results / "repetitions.md").write_text(page(kept), encoding="utf-8")
        print(f"{given.task}: {number + 1} of {given.times}, {len(kept[given.task])} in all", flush=True)


def repeated(task: str, budget_s: float, folder: Path) -> dict[str, Any]:
    """One repetition: when, where, how long, and what each profile chose."""
    shutil.rmtree(folder, ignore_errors=True)
    load = os.getloadavg()[0]
    command = [sys.executable, "-m", "paragone", "compare", task, "--budget", f"{budget_s:g}"]
    told = ["--to", ",".join(TARGETS), "--out", str(folder.resolve()), "--no-history", "--quiet"]
    subprocess.run([*command, *told], cwd=ROOT, check=True)
    run = read_run(folder)
    return {
        "created": run.created,
        "machine": f"{run.machine.cpu}, {run.machine.cores} cores",
        "load_before": round(load, 2),
        "budget_s": budget_s,
        "duration_s": round(run.duration_s, 1),
        "chosen": {name: chosen(choose_stored([str(folder)], named(name), reference=False)) for name in profiles()},
    }


def chosen(choice: Choice) -> dict[str, Any]:
    """What of a choice is kept: its verdict, its winners, and how surely each option is first."""
    first = {one.side: round(one.p_best, 4) for one in choice.ranking}
    return {"verdict": choice.verdict, "winners": sorted(choice.winners), "first": first}


def answer(one: Mapping[str, Any]) -> str:
    """The answer in words: two repetitions with the same words chose the same."""
    return either(one["winners"]) if one["winners"] else str(one["verdict"])


def same(answers: Sequence[str]) -> int:
    """How many of the answers agree: the most frequent winners, and those that abstain."""
    counted = Counter(answers)
    abstained = sum(counted.pop(word, 0) for word in ABSTAINED)
    return abstained + max(counted.values(), default=0)


def page(kept: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Tasks, profiles, and what was chosen how often."""
    lines = [
        *("# Whether the choice stays the same", ""),
        "`python -m benchmarks.repetitions` wrote this page. Every repetition is a whole `paragone compare`: proof,",
        f"timing and deployment ({', '.join(TARGETS)}) are made anew, and every profile chooses of this record alone.",
        "The same are the most frequent winners and no robust winner; at least 19 of 20 is what is promised.",
    ]
    for task, repetitions in kept.items():
        lines += ["", f"## {task}", "", *_told(repetitions), ""]
        lines += ["| profile | chosen | the same | at least 19 of 20 |", "| --- | --- | --- | --- |"]
        lines += [
            _row(name, [one["chosen"][name] for one in repetitions if name in one["chosen"]])
            for name in repetitions[-1]["chosen"]
        ]
    return "\n".join([*lines, ""])


def _told(repetitions: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    days = _ends([one["created"][:10] for one in repetitions])
    machines = "; ".join(sorted({one["machine"] for one in repetitions}))
    budgets = " and ".join(f"{one:g}" for one in sorted({one["budget_s"] for one in repetitions}))
    return (
        f"Repetitions: {len(repetitions)}, {days}, on {machines}.",
        f"Load before each: {_ends([one['load_before'] for one in repetitions])}.",
        f"Timed for {budgets} s, the whole in {_ends([round(one['duration_s']) for one in repetitions])} s.",
    )


def _ends(values: Sequence[Any]) -> str:
    low, high = min(values), max(values)
    return str(low) if low == high else f"{low} to {high}"


def _row(profile: str, found: Sequence[Mapping[str, Any]]) -> str:
    answers = list(map(answer, found))
    told = "; ".join(f"{words} {count}" for words, count in Counter(answers).most_common())
    kept = same(answers)
    verdict = "yes" if kept >= math.ceil(AGREE * len(answers)) else "no"
    return f"| `{profile}` | {told} | {kept} of {len(answers)} | {verdict} |"


if __name__ == "__main__":
    main()
