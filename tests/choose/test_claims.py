"""The claims: every verdict can be reached, every number leads to its evidence, and other versions make them stale."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragone.choose.claims import claims, judged
from paragone.choose.evidence import Evidence, OwnRun, evidence_of
from paragone.choose.facts import facts
from paragone.choose.judge.ratios import above_one, below_one, near
from paragone.records import Claim, Run

from . import ledger_worlds as worlds
from .ledger_worlds import evidence, installed, planted, run, world
from .tracing import untraced

IDS = [
    "production",
    "deployment-ecosystem",
    "tensorboard",
    "mobile-edge",
    "pythonic",
    "dynamic-debugging",
    "research",
    "prototyping",
    "training-speed",
    "memory",
    "gpu-utilisation",
    "multi-gpu",
    "not-performance",
    "pytorch-easier",
    "tensorflow-steeper",
    "same-task",
    "tensorflow-concise",
    "pytorch-explicit",
    "choose-tensorflow-production",
    "choose-tensorflow-mobile-edge",
    "choose-tensorflow-distributed",
    "choose-pytorch-research",
    "choose-pytorch-prototyping",
    "choose-pytorch-complex",
    "choose-pytorch-education",
    "learn-pytorch-first",
    "then-tensorflow",
]
FACTS_SCRIPT = Path(__file__).parents[2] / "benchmarks" / "facts.py"
ENOUGH = 3_000


def one(id_: str, made: Evidence) -> Claim:
    return claims()[id_].judge(made)


def worlds_of(seed: int, count: int) -> Iterator[Evidence]:
    random = Random(seed)
    for _ in range(count):
        yield world(random)


def test_every_claim_that_people_make_is_there() -> None:
    assert list(claims()) == IDS


def test_each_claim_reaches_each_of_its_verdicts_and_no_other() -> None:
    waiting = {id_: set(kind.verdicts) for id_, kind in claims().items()}
    for made in worlds_of(1, ENOUGH):
        for id_ in [id_ for id_, left in waiting.items() if left]:
            verdict = one(id_, made).verdict
            assert verdict in claims()[id_].verdicts, id_
            waiting[id_].discard(verdict)
        if not any(waiting.values()):
            break
    assert {id_: left for id_, left in waiting.items() if left} == {}


def test_every_printed_number_leads_to_a_run_or_a_source() -> None:
    for made in worlds_of(2, 60):
        for claim in judged(made):
            assert untraced(claim, made) == [], claim.id


def planted_numbers(claim: Claim) -> Iterator[Claim]:
    """The same claim with a false number in the sentence, in a finding, in its account of it, in the effect."""
    yield claim.model_copy(update={"sentence": claim.sentence.replace("2.00", "7.31")})
    first = claim.findings[0]
    yield _with_finding(claim, text=first.text.replace("2.00", "7.31"))
    yield _with_finding(claim, text=f"{first.text} in 31 runs")
    wrong = tuple(one.model_copy(update={"text": one.text.replace("2.00", "7.31")}) for one in first.printed)
    yield _with_finding(claim, printed=wrong)
    other = tuple(one.model_copy(update={"places": ("timings.ratios[0].detectable",)}) for one in first.printed)
    yield _with_finding(claim, printed=other)
    assert first.effect is not None
    value = first.effect.value.model_copy(update={"mid": 7.31})
    yield claim.model_copy(update={"effect": first.effect.model_copy(update={"value": value})})


def _with_finding(claim: Claim, **update: Any) -> Claim:
    return claim.model_copy(update={"findings": (claim.findings[0].model_copy(update=update), *claim.findings[1:])})


def test_a_planted_false_number_is_caught() -> None:
    made = evidence(run(planted("step", 2.0, 0.01)))
    claim = one("training-speed", made)
    assert untraced(claim, made) == []
    for false in planted_numbers(claim):
        assert false != claim
        assert untraced(false, made) != []


def test_a_fact_that_is_cited_otherwise_than_it_stands_is_caught() -> None:
    made = evidence()
    claim = one("research", made)
    assert untraced(claim, made) == []
    assert untraced(claim.model_copy(update={"sentence": claim.sentence.replace("70 %", "90 %")}), made) != []
    moved = tuple(one.model_copy(update={"source": "https://example.org/"}) for one in claim.evidence)
    assert untraced(claim.model_copy(update={"evidence": moved}), made) != []


@pytest.mark.parametrize(("value", "verdict"), [(1.0, "holds"), (1.3, "does not hold"), (0.7, "does not hold")])
def test_nearly_the_same_speed_is_within_a_tenth_whichever_way_the_record_has_it(value: float, verdict: str) -> None:
    straight, turned = (
        one("training-speed", evidence(run(planted("step", value, turned=turned)))) for turned in (False, True)
    )
    assert straight.verdict == turned.verdict == verdict
    assert straight.effect is not None
    assert turned.effect is not None
    assert turned.effect.value.mid == pytest.approx(straight.effect.value.mid)


def test_an_interval_with_an_end_on_either_side_decides_nothing_and_a_longer_run_is_asked_for() -> None:
    claim = one("training-speed", evidence(run(planted("step", 1.08, 0.05))))
    assert claim.verdict == "no evidence yet"
    assert "--budget" in claim.sentence


def test_without_any_run_it_is_said_what_to_run() -> None:
    claim = one("memory", evidence())
    assert claim.verdict == "no evidence yet"
    assert "paragone compare" in claim.sentence
    assert "make reference" in claim.sentence


@settings(deadline=None)
@given(st.floats(0.01, 100), st.floats(1, 3), st.floats(0.01, 0.5))
def test_the_rules_of_an_interval_are_the_same_seen_from_either_side(mid: float, spread: float, share: float) -> None:
    low, high = mid / spread, mid * spread
    assert near(share)(low, high) == near(share)(1 / high, 1 / low)
    assert above_one(low, high) == below_one(1 / high, 1 / low)
    if near(share)(low, high) == "for":
        assert low * (1 + share) >= 1 - 1e-9
        assert high <= (1 + share) * (1 + 1e-9)


def test_the_users_own_run_counts_before_those_that_ship() -> None:
    own, shipped = run(planted("step", 1.0)), run(planted("step", 2.0))
    assert one("training-speed", evidence(own, reference=shipped)).verdict == "holds"
    assert one("training-speed", evidence(reference=shipped)).verdict == "does not hold"
    assert one("training-speed", evidence(run(), reference=shipped)).evidence[0].id == "reference/made-up"


def test_a_ratio_of_sides_that_are_not_the_same_task_says_so() -> None:
    different = worlds.base()
    proven = different.proof and different.proof.model_copy(
        update={"pairs": (different.proof.pairs[0].model_copy(update={"verdict": "same"}),)}
    )
    texts = [
        one("memory", evidence(run(planted("peak memory", 2.0), proof=proof))).sentence
        for proof in (None, different.proof, proven)
    ]
    assert "it was not shown that the two are the same task" in texts[0]
    assert "the two are not the same task" in texts[1]
    assert "task" not in texts[2]


def versions_of(made: Run) -> dict[str, str]:
    return {name: version for side in made.sides for name, version in side.packages.items()}


def test_a_verdict_is_stale_as_soon_as_a_version_that_it_rests_on_is_another() -> None:
    own = run(planted("step", 2.0))
    same = versions_of(own)
    made = evidence(own)
    assert one("training-speed", installed(made, same)).verdict == "does not hold"
    for package, version in same.items():
        claim = one("training-speed", installed(made, {**same, package: "99.1"}))
        assert (claim.verdict, claim.was) == ("stale", "does not hold")
        assert claim.stale == (f"{package} {version}, now 99.1",)
        assert untraced(claim, made) == []


def test_what_is_not_installed_and_what_is_another_build_make_nothing_stale() -> None:
    own = run(planted("step", 2.0))
    builds = {name: f"{version.partition('+')[0]}+cu130" for name, version in versions_of(own).items()}
    assert one("training-speed", installed(evidence(own), builds)).verdict == "does not hold"
    assert one("training-speed", installed(evidence(own), {})).verdict == "does not hold"
    assert one("training-speed", installed(evidence(own), {"numpy": "0.1"})).verdict == "does not hold"


def test_a_side_in_another_interpreter_rests_on_nothing_that_is_installed_here() -> None:
    own = run(planted("step", 2.0))
    elsewhere = tuple(side.model_copy(update={"python": "3.12 (new/bin/python)"}) for side in own.sides)
    others = dict.fromkeys(versions_of(own), "99.1")
    made = evidence(own.model_copy(update={"sides": elsewhere}))
    assert one("training-speed", installed(made, others)).verdict == "does not hold"


def test_a_fact_of_ours_is_stale_with_another_version() -> None:
    assert one("pythonic", installed(evidence(), {"torch": "2.13.0"})).verdict == "holds in part"
    assert one("pythonic", installed(evidence(), {"torch": "99.1"})).verdict == "stale"


def test_every_claim_that_rests_on_versions_can_become_stale() -> None:
    found = defaultdict(set)
    for made in worlds_of(3, 25):
        for claim in judged(installed(made, dict.fromkeys(_packages(made), "99.1"))):
            found[claim.id].add(claim.verdict)
    never = {id_ for id_ in IDS if "stale" not in found[id_]}
    assert never == {"gpu-utilisation", "research", "tensorflow-concise"} | (never & {"choose-tensorflow-distributed"})


def _packages(made: Evidence) -> set[str]:
    names = {name for fact in made.facts.values() for name in fact.rests_on}
    return names | {name for one in made.every_run for name in versions_of(one.run)}


def test_a_fact_that_is_due_says_so() -> None:
    made = evidence()
    later = Evidence(facts=made.facts, today=date(2040, 1, 1), installed=lambda _: None)
    assert not any(one.due for claim in judged(made) for one in claim.evidence)
    assert all(one.due for claim in judged(later) for one in claim.evidence)


def test_a_vendors_word_alone_or_an_old_count_never_makes_a_claim_hold() -> None:
    alone = {name: fact for name, fact in facts().items() if name == "research/papers-of-2019"}
    old, new = (
        {name: fact.model_copy(update={"date": day, **says}) for name, fact in alone.items()}
        for day, says in ((date(2019, 10, 10), {}), (date(2026, 1, 1), {}))
    )
    vendors = {name: fact.model_copy(update={"says_who": "vendor"}) for name, fact in new.items()}
    verdicts = [one("research", evidence(found=found)).verdict for found in (old, new, vendors)]
    assert verdicts == ["holds in part", "holds", "holds in part"]


def test_what_could_not_be_tried_with_both_counts_for_neither() -> None:
    def cells(torch: str) -> tuple[worlds.Artifact, ...]:
        rows = ((worlds.KERAS, "same"), (worlds.TORCH, torch))
        return tuple(
            worlds.Artifact.model_validate({"side": side, "target": "litert", "title": "LiteRT", "verdict": verdict})
            for side, verdict in rows
        )

    answers = [
        [one_.answer for one_ in one("mobile-edge", evidence(run(artifacts=cells(verdict)), found={})).findings]
        for verdict in ("not run", "refused", "same")
    ]
    assert answers == [[], ["for"], ["against"]]


def test_a_run_is_this_run_inside_of_its_own_record() -> None:
    own = run(planted("step", 2.0))
    made = evidence_of(own)
    assert isinstance(made.runs[0], OwnRun)
    claim = one("training-speed", made)
    assert claim.evidence[0].id == "this run"
    again = Claim.model_validate_json(claim.model_dump_json())
    assert again == claim


def test_every_fact_that_is_asked_for_is_there() -> None:
    asked = set()

    class Watched(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            asked.add(key)
            return super().get(key, default)

    judged(evidence(found=Watched(facts())))
    assert asked
    assert asked <= set(facts())


def test_a_fact_of_ours_names_the_function_that_measures_it_again() -> None:
    tree = ast.parse(FACTS_SCRIPT.read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    ours = [fact for fact in facts().values() if fact.says_who == "ours"]
    assert ours
    assert all(fact.source.partition("#")[2] in functions for fact in ours)
    assert not [fact.id for fact in facts().values() if fact.says_who != "ours" and not fact.source.startswith("https")]


@pytest.mark.parametrize(("keras", "verdict"), [(80, "holds"), (85, "no evidence yet"), (125, "does not hold")])
def test_a_length_within_what_authors_vary_by_decides_nothing(keras: int, verdict: str) -> None:
    codes = {worlds.KERAS: "x\n" * keras, worlds.TORCH: "x\n" * 100}
    sides = tuple(
        side.model_copy(update={"code": codes[side.name], "sha256": side.name}) for side in worlds.base().sides
    )
    claim = one("tensorflow-concise", evidence(run(sides=sides)))
    assert claim.verdict == verdict
    assert claim.findings[0].text.startswith(f"the side in Keras on TensorFlow has {keras} tokens")


def test_sides_that_were_written_to_match_say_nothing_of_how_long_a_person_writes() -> None:
    sides = tuple(side.model_copy(update={"sha256": side.name}) for side in worlds.base().sides)
    made = run(sides=sides)
    commands = (
        "paragone compare digits-mlp",
        "paragone compare digits-mlp --fidelity plain",
        "paragone compare a.py b.py",
    )
    found = [
        one(
            "tensorflow-concise",
            evidence(made.model_copy(update={"reproduce": made.reproduce.model_copy(update={"command": command})})),
        ).findings
        for command in commands
    ]
    assert [bool(findings) for findings in found] == [False, True, True]


def test_a_runtime_counts_once_and_one_for_browsers_is_for_no_server() -> None:
    ways = ("tf_serving_rest", "tf_serving_grpc", "openvino", "openvino_float32", "onnxruntime_web", "litert_int8")
    cells = tuple(
        worlds.Artifact(side=side, target=target, title=target, verdict="same" if side == worlds.KERAS else "refused")
        for side in (worlds.KERAS, worlds.TORCH)
        for target in ways
    )
    made = evidence(run(artifacts=cells), found={})
    said = [one(id_, made).findings[0].text for id_ in ("production", "deployment-ecosystem", "mobile-edge")]
    assert [text.partition("arrives in ")[2][0] for text in said] == ["2", "4", "1"]
