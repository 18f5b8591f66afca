"""Evidence made up for the claims: sides with planted ratios, proofs, code, artifacts, choices; facts turned over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from random import Random

from tests.report import sample
from tests.report.sample_ratio import ratio

from paragone.choose.evidence import Evidence, OwnRun, Reference
from paragone.choose.facts import facts
from paragone.records import (
    Artifact,
    ArtifactVerdict,
    Choice,
    ContenderTiming,
    Effect,
    Fact,
    Interval,
    Proof,
    Ratio,
    Run,
    Side,
    Worth,
)
from paragone.records.learning import Edit, EditedSide, LearnedSide, LearnedTask, Learning, Mistake, Told

TODAY = date(2026, 12, 1)
KERAS, TORCH = "keras_side", "torch_side"
BOTH = ("tensorflow", "torch")
PROFILES = (
    "production", "phone-edge", "large-scale-training", "research", "prototyping", "dynamic-architectures", "education",
    "balanced",
)  # fmt: skip
TARGETS = ("onnxruntime", "openvino", "tensorflow", "litert", "executorch", "tflite_micro")
LONG = "import a\n" + "x = a.b(1, 2)\n" * 40
CODES = {
    "strung": "import keras\nmodel = keras.Sequential([1, 2, 3])\n",
    "called": "class Net:\n    def call(self, x):\n        return x\n" + LONG,
    "forward": "class Net:\n    def forward(self, x):\n        return x\n" + LONG,
    "short": "class Net:\n    def forward(self, x):\n        return x\n",
    "broken": "def (",
}
VERDICTS: tuple[ArtifactVerdict, ...] = ("same", "quantised", "refused", "failed", "not run", "different")


@cache
def base() -> Run:
    """Two sides, and a choice, of which the worlds take what they need."""
    return sample.two_sides().model_copy(update={"choice": sample.full_run().choice})


def evidence(
    *own: Run,
    reference: Run | None = None,
    found: Mapping[str, Fact] | None = None,
    learning: Learning | None = None,
) -> Evidence:
    """Evidence of these; nothing is installed, so that nothing is stale."""
    return Evidence(
        runs=tuple(OwnRun(f"abc123def45{place}", one) for place, one in enumerate(own)),
        reference=(Reference("reference/made-up", reference),) if reference else (),
        facts=facts() if found is None else found,
        learning=learning,
        today=TODAY,
        installed=lambda _: None,
    )


def run(*ratios: Ratio, **update: object) -> Run:
    """Two sides with these ratios, and nothing else known of them."""
    made = base()
    assert made.timings is not None
    timings = made.timings.model_copy(update={"ratios": ratios})
    return made.model_copy(update={"timings": timings, "proof": None, "choice": None, **update})


def planted(quantity: str, value: float, spread: float = 0.005, *, turned: bool = False) -> Ratio:
    """TensorFlow over PyTorch; `turned`: as the record has it the other way round."""
    return ratio(TORCH, KERAS, quantity, 1 / value, spread) if turned else ratio(KERAS, TORCH, quantity, value, spread)


def world(random: Random) -> Evidence:
    """Any evidence."""
    profile = random.choice(PROFILES)
    own = [any_run(random, profile) for _ in range(random.choice([0, 1, 1, 2]))]
    reference = any_run(random, profile) if random.random() < 0.7 else None
    return evidence(*own, reference=reference, found=any_facts(random), learning=any_learning(random))


def any_run(random: Random, profile: str) -> Run:
    """A run in which anything may be known, or not; its choice is for this profile."""
    ratios = [one for quantity in ("step", "peak memory", "cold start") for one in _ratios(random, quantity)]
    made = run(*ratios)
    return made.model_copy(
        update={
            "sides": tuple(_side(random, side) for side in made.sides),
            "proof": _proof(random),
            "artifacts": _artifacts(random),
            "choice": _choice(random, profile),
            "timings": made.timings and made.timings.model_copy(update={"contenders": _contenders(random)}),
        }
    )


def _ratios(random: Random, quantity: str) -> list[Ratio]:
    value, spread = random.choice([(1.0, 0.005), (1.05, 0.1), (2.0, 0.01), (0.5, 0.01), (1.2, 0.01)])
    one = planted(quantity, value, spread, turned=random.random() < 0.5)
    verdict = "withheld" if random.random() < 0.1 else one.verdict
    return [one.model_copy(update={"verdict": verdict})] if random.random() < 0.8 else []


def _side(random: Random, side: Side) -> Side:
    code = random.choice([side.code, *CODES.values()])
    status = "failed" if random.random() < 0.05 else "ok"
    return side.model_copy(update={"code": code, "sha256": str(random.random()), "status": status})


def _proof(random: Random) -> Proof | None:
    made = base().proof
    if made is None or random.random() < 0.2:
        return None
    verdict = random.choice(["same", "different", "undecided", "not run"])
    worth = random.choice([(), (_worth("equivalent"),), (_worth("different"),)])
    causes = tuple(one.model_copy(update={"effect": Effect(steps=9, worth=worth)}) for one in made.pairs[0].causes)
    pair = made.pairs[0].model_copy(update={"verdict": verdict, "causes": causes if verdict == "different" else ()})
    return made.model_copy(update={"pairs": (pair,), "verdict": verdict})


def _worth(verdict: str) -> Worth:
    interval = Interval(mid=0.001, low=0.0, high=0.002)
    return Worth.model_validate(
        {
            "measure": "accuracy",
            "margin": 0.01,
            "relative": False,
            "difference": interval,
            "p_equivalent": 0.01,
            "verdict": verdict,
        }
    )


def _artifacts(random: Random) -> tuple[Artifact, ...]:
    if random.random() < 0.4:
        return ()
    return tuple(
        Artifact(side=side, target=target, title=target, verdict=random.choice(VERDICTS))
        for side in (KERAS, TORCH)
        for target in TARGETS
    )


def _choice(random: Random, profile: str) -> Choice | None:
    made = base().choice
    if made is None or random.random() < 0.2:
        return None
    winner = random.choice([KERAS, TORCH, None])
    verdict = "winner" if winner else "no robust winner"
    return made.model_copy(update={"profile": profile, "winner": winner, "verdict": verdict})


def _contenders(random: Random) -> tuple[ContenderTiming, ...]:
    usual = Interval(mid=1e-3, low=0.99e-3, high=1.01e-3, level=0.99, n=8)
    by = random.choice([0.5, 1.0, 2.0])
    fast = Interval(mid=by * 1e-3, low=0.99e-3 * by, high=1.01e-3 * by, level=0.99, n=8)
    tracks = (("idiomatic", usual), ("tuned", fast))[: random.choice([1, 2])]
    return tuple(ContenderTiming(side=KERAS, track=track, step_s=step) for track, step in tracks)


def any_learning(random: Random) -> Learning | None:
    """Counts of two tasks, two edits and three mistakes, or none."""
    if random.random() < 0.5:
        return None
    counts = [[random.choice([0, 7, 20]) for _ in BOTH] for _ in range(7)]
    tasks = tuple(
        LearnedTask(task=f"task-{'ab'[place]}", sides=tuple(map(_learned, BOTH, row)))
        for place, row in enumerate(counts[:2])
    )
    edits = tuple(Edit(name="e", title="e", sides=tuple(map(_edited, BOTH, row))) for row in counts[2:4])
    mistakes = tuple(
        Mistake(
            name="m", title="m", study="s", sides=tuple(_mistaken(random, *one) for one in zip(BOTH, row, strict=True))
        )
        for row in counts[4:]
    )
    machine = base().machine
    return Learning(created="2026-11-30T12:00:00+00:00", machine=machine, tasks=tasks, edits=edits, mistakes=mistakes)


def _learned(framework: str, n: int) -> LearnedSide:
    return LearnedSide(
        framework=framework, sha256="", n_lines=n, n_tokens=n, concepts=(), n_concepts=n, n_new=n, n_so_far=n + 1
    )


def _edited(framework: str, n: int) -> EditedSide:
    return EditedSide(framework=framework, n_lines=n, n_tokens=n)


def _mistaken(random: Random, framework: str, n: int) -> Told:
    outcome = random.choice(["error", "error", "nothing", "cannot be made"])
    return Told.model_validate(
        {"framework": framework, "outcome": outcome, "n_lines": n, "shows_line": random.random() < 0.5}
    )


def any_facts(random: Random) -> dict[str, Fact]:
    """The facts that ship; in half of the worlds some are left out, some say the opposite, some are of last year."""
    if random.random() < 0.5:
        return dict(facts())
    kept, turned, new = (random.choice([0.0, 0.5, 1.0]) for _ in range(3))
    return {
        name: _any_fact(random, fact, turned, new)
        for name, fact in facts().items()
        if random.random() < max(kept, 0.02)
    }


def _any_fact(random: Random, fact: Fact, turned: float, new: float) -> Fact:
    value = fact.value
    if random.random() < turned:
        value = not value if isinstance(value, bool) else random.choice([0, 1, 3, 51, 90])
    day = TODAY - timedelta(days=300) if random.random() < new else fact.date
    return fact.model_copy(update={"value": value, "date": day})


def installed(made: Evidence, versions: Mapping[str, str]) -> Evidence:
    """The same evidence on a machine with these versions."""
    return replace(made, installed=versions.get)
