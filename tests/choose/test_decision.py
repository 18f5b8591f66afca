from __future__ import annotations

import dataclasses
from math import log

import pytest
from scipy.stats import norm
from tests.report.sample import full_run

from paragone.choose import choose, decide, profiles
from paragone.choose.candidates import options_of
from paragone.choose.criteria import criteria
from paragone.choose.pairs import spread_of
from paragone.choose.profile import Profile, parse
from paragone.errors import InputError
from paragone.records import Choice, Weighing

from .worlds import Planted, World, ask, build, ratio

TIMED = {"step-time", "cold-start"}
SMALL = 'description = "Small."\n[constraints]\npeak-memory-at-most = 2147483648\n[weights]\npeak-memory = 1'
EVERYWHERE = {
    "onnxruntime": "same",
    "litert": "same",
    "litert_int8": "quantised",
    "tflite_micro": "same",
    "tflite_micro_int8": "quantised",
}


def usual(name: str, **more: object) -> Planted:
    return dataclasses.replace(Planted(name, arrived=EVERYWHERE), **more)


def better(name: str, by: float = 1.10) -> Planted:
    """A side that is better by this factor on every criterion."""
    one = usual(name)
    return usual(
        name,
        step_s=one.step_s / by,
        cold_s=one.cold_s / by,
        peak=one.peak / by,
        accuracy=one.accuracy * by,
        tokens=round(one.tokens / by),
        latency_s=one.latency_s / by,
        size=round(one.size / by),
    )


def weighed(**weights: float) -> Profile:
    named = {name.replace("_", "-"): weight for name, weight in weights.items()}
    return Profile("p", "d", Weighing(weights=named, concentration=40))


def order(*chains: str, kind: str = "order") -> Profile:
    return Profile("p", "d", Weighing.model_validate({"kind": kind, "order": chains}))


@pytest.mark.parametrize("seed", range(20))
def test_a_planted_winner_by_a_tenth_is_chosen_by_every_profile(seed: int) -> None:
    made = build([usual("usual"), better("planted"), usual("slow", step_s=1.01e-3)])
    for profile in profiles():
        choice = ask(made, profile, seed, draws=2000)
        assert (profile, choice.verdict, choice.winner) == (profile, "winner", "planted")
        assert choice.ranking[0].side == "planted"


NOT_IN_THIS_WORLD = {"targets-reached", "int8-accuracy-lost", "throughput", "epoch-time", "time-to-quality"}


@pytest.mark.parametrize("name", sorted(set(criteria()) - NOT_IN_THIS_WORLD))
def test_a_tenth_better_on_one_criterion_alone_is_enough_where_nothing_else_counts(name: str) -> None:
    made = build([usual("usual"), better("planted")])
    assert ask(made, weighed(**{name: 1.0}), draws=200).winner == "planted"


def test_one_side_under_three_names_is_not_recommended_over_itself() -> None:
    by_chance: tuple[dict[str, float], ...] = ({"step_s": 0.9e-3, "peak": 3e8}, {}, {"cold_s": 3.5})
    chance = [usual(name, code="import torch\n", **more) for name, more in zip("abc", by_chance, strict=True)]
    for profile in profiles():
        choice = ask(build(chance), profile)
        assert (choice.verdict, choice.winner, choice.winners) == ("no robust winner", None, ())
        assert [one.p_best for one in choice.ranking] == [1.0] * 3
        assert any("does not tell a, b and c apart" in sentence for sentence in choice.because)


def test_two_that_cannot_be_told_apart_win_together_and_do_not_split_their_chances() -> None:
    chance = [Planted("a", step_s=5e-4, code="import torch\n"), Planted("b", step_s=5.2e-4, code="import torch\n")]
    choice = ask(build([*chance, Planted("c")]))
    assert (choice.verdict, choice.winner, set(choice.winners)) == ("winner", None, {"a", "b"})
    alone = ask(build([chance[0], Planted("c")]))
    assert alone.winner == "a"
    assert alone.ranking[0].p_best == choice.ranking[0].p_best


def test_what_depends_on_the_weights_is_no_class() -> None:
    """Each of two is clearly better in one thing, and a third is worse in both: nobody wins."""
    made = build([Planted("fast", step_s=5e-4), Planted("small", peak=2.4e8), Planted("worse", step_s=2e-3, peak=8e8)])
    choice = ask(made, order("step-time", "peak-memory", kind="nothing"))
    assert (choice.verdict, choice.winners) == ("no robust winner", ())
    assert any("depends on the weights" in sentence for sentence in choice.because)
    assert {duel.level for duel in choice.duels} == {False}


def test_an_order_alone_can_be_enough_and_too_little() -> None:
    made = build([Planted("fast", step_s=4e-4), Planted("small", peak=3.5e8)])
    assert ask(made, order("step-time", "peak-memory", kind="nothing")).winner == "fast"
    assert ask(made, order("step-time > peak-memory")).ranking[0].p_best > 0.95
    assert ask(made, order("peak-memory > step-time")).verdict == "no robust winner"


def test_sides_that_differ_in_nothing_but_noise_are_not_told_apart() -> None:
    made = build([Planted("a", step_s=1.002e-3, noise=0.02), Planted("b", peak=4.01e8, noise=0.02)])
    choice = ask(made)
    assert choice.verdict == "no robust winner"
    assert any("not told apart: a and b" in sentence for sentence in choice.because)
    assert choice.flips == ()


def test_a_tie_in_the_timing_does_not_separate() -> None:
    fast = [Planted("a", step_s=0.8e-3), Planted("b")]
    assert ask(build(fast), "large-scale-training").winner == "a"
    choice = ask(build(fast, ratios=[ratio("b", "a", "step", "tie")]), "large-scale-training")
    assert choice.verdict == "no robust winner"
    assert [one.p_best for one in choice.ranking] == [1.0, 1.0]


def test_what_the_timing_tells_apart_counts_although_the_intervals_overlap() -> None:
    noisy = [Planted("a", step_s=0.8e-3, noise=0.5), Planted("b", noise=0.5)]
    apart = build(noisy, ratios=[ratio("a", "b", "step", "faster")])
    assert ask(apart, weighed(step_time=1)).winner == "a"
    assert ask(build(noisy), weighed(step_time=1)).winner is None


def test_less_than_what_counts_does_not_separate() -> None:
    exact = [Planted("a", step_s=0.985e-3, noise=0.0), Planted("b", noise=0.0)]
    assert ask(build(exact), weighed(step_time=1)).verdict == "no robust winner"


def test_timings_that_are_not_trusted_leave_time_out_and_say_why() -> None:
    made = build([Planted("a", step_s=1e-4), Planted("b")], trusted=False)
    choice = ask(made)
    assert {criterion.id for criterion in choice.criteria} == {"accuracy", "conciseness", "peak-memory"}
    assert sum(criterion.weight for criterion in choice.criteria) == pytest.approx(1)
    said = [sentence for sentence in choice.not_weighed if "A/A test" in sentence]
    assert [sentence.split(":")[0] for sentence in said] == ["Steady step time", "Cold start"]


def test_a_size_whose_own_test_failed_is_left_out() -> None:
    made = build([Planted("a"), Planted("b")], self_test=[ratio("a", "a", "peak memory", "less")], trusted=False)
    assert {criterion.id for criterion in ask(made).criteria} == {"accuracy", "conciseness"}


def test_no_winner_on_less_than_half_of_what_the_profile_weighs() -> None:
    made = build([Planted("short", tokens=50), Planted("long", tokens=900)], timed=False, regression=True)
    choice = ask(made)
    assert (choice.verdict, choice.ranking[0].side, choice.ranking[0].p_best) == ("no robust winner", "short", 1.0)
    assert any("20 % of the profile's weight only" in sentence for sentence in choice.because)


def test_a_value_that_is_not_known_may_be_anything() -> None:
    """Of `b` no conciseness is known: it might lead by it, and might not."""
    close = build([Planted("a", step_s=9e-4), Planted("b", code="'")])
    choice = ask(close, weighed(step_time=0.5, conciseness=0.5))
    assert (choice.verdict, [gap.state for gap in choice.duels[0].gaps]) == (
        "no robust winner",
        ["apart", "one unknown"],
    )
    assert any("b: a side's file" in sentence for sentence in choice.not_weighed)
    far = build([Planted("a", step_s=1e-5, tokens=40), Planted("b", step_s=1, code="'")])
    assert ask(far, weighed(step_time=0.7, conciseness=0.3)).winner == "a"


def test_without_any_evidence_there_is_no_winner() -> None:
    made = build([Planted("a", code="'"), Planted("b", code="'")], timed=False, regression=True)
    choice = ask(made)
    assert (choice.verdict, choice.criteria, choice.flips) == ("no robust winner", (), ())
    assert any("no evidence on any criterion" in sentence for sentence in choice.because)


def test_the_only_side_left_is_the_winner_and_that_is_said() -> None:
    made = build([Planted("a"), Planted("b", accuracy=0.5), Planted("c", failed="it hangs")])
    choice = ask(made)
    assert (choice.verdict, choice.winner) == ("winner", "a")
    assert any(sentence.startswith("Only a is left") for sentence in choice.because)
    assert any(sentence.startswith("b is out") and "50.0 %" in sentence for sentence in choice.because)
    assert any(sentence.startswith("c is out") and "it hangs" in sentence for sentence in choice.because)
    assert {one.name: one.status for one in choice.options} == {"a": "compared", "b": "out", "c": "out"}


def test_no_side_left_is_nothing_to_choose_and_the_two_that_exclude_each_other_are_named() -> None:
    choice = ask(build([Planted("a", peak=3e9), Planted("b", accuracy=0.5)]), parse("p", SMALL + "\n"))
    assert choice.winner == "b"
    both = SMALL.replace("[constraints]", "[constraints]\naccuracy-within = 0.02")
    choice = ask(build([Planted("a", peak=3e9), Planted("b", accuracy=0.5)]), parse("p", both))
    assert (choice.verdict, choice.winner, choice.ranking, choice.flips) == ("nothing to choose", None, (), ())
    assert any("met by somebody, and both by nobody: mean accuracy" in sentence for sentence in choice.because)


def test_no_sides_at_all_is_nothing_to_choose() -> None:
    assert decide((), profiles()["balanced"]).verdict == "nothing to choose"


def test_what_a_run_cannot_know_is_said() -> None:
    def subjects(profile: str) -> list[str]:
        choice = ask(build([usual("a"), usual("b")]), profile)
        return [sentence.split(":")[0] for sentence in choice.not_weighed]

    assert subjects("balanced") == ["Deployment", "Ecosystem", "The team's knowledge", "Distributed training"]
    assert subjects("production") == ["Ecosystem", "The team's knowledge", "Distributed training"]


def test_a_task_that_is_not_the_same_is_said_to_be_none() -> None:
    made = build([Planted("a"), Planted("b")])
    proof = made.evidence.proof.model_copy(update={"verdict": "different"})
    choice = ask(World(dataclasses.replace(made.evidence, proof=proof), made.sides))
    assert any("may not be the same task" in sentence for sentence in choice.because)
    assert not any("may not be the same task" in sentence for sentence in ask(made).because)


def test_the_record_is_the_same_bytes_for_the_same_seed() -> None:
    made = build([Planted("a", noise=0.1), Planted("b", step_s=0.9e-3, noise=0.1), Planted("c", tokens=150)])
    assert ask(made, seed=3).model_dump_json() == ask(made, seed=3).model_dump_json()
    assert ask(made, seed=3).ranking != ask(made, seed=4).ranking


def test_the_order_of_the_sides_does_not_matter() -> None:
    planted = [Planted("a", noise=0.1), Planted("b", step_s=0.9e-3, noise=0.1), Planted("c", tokens=150)]
    assert ask(build(planted)).ranking == ask(build(planted[::-1])).ranking


def test_a_run_is_chosen_from_by_its_record() -> None:
    choice = choose(full_run(), "balanced")
    assert {one.name for one in choice.options} == {side.name for side in full_run().sides}
    assert choice.made == full_run().created[:10]
    with pytest.raises(InputError, match="no profile"):
        choose(full_run(), "fastest")


def test_figures_are_in_the_sentences_and_their_sources_in_the_record() -> None:
    made = build([Planted("a", step_s=1.5e-3, peak=2**29), Planted("b", cold_s=9.5)], id_="0123456789ab")
    choice = ask(made)
    text = " ".join(choice.because)
    assert all(figure in text for figure in ("1.5 ms", "512 MiB", "9.5 s", "90.0 %", "200 tokens", "weighs 25 %"))
    assert {value.source for one in choice.criteria for value in one.values} == {"0123456789ab"}
    assert {one.source for one in choice.constraints} == {"0123456789ab"}
    assert [one.id for one in choice.sources] == ["0123456789ab"]


def test_the_draws_agree_with_the_arithmetic_of_two_criteria() -> None:
    """With the weights as good as fixed, how often one of two normal leads is larger is known in closed form."""
    made = build(
        [Planted("a", step_s=0.93e-3, noise=0.1, peak=4.18e8), Planted("b", noise=0.1)],
        ratios=[ratio("a", "b", "step", "faster"), ratio("a", "b", "peak memory", "more")],
        sets=12,
    )
    profile = Profile("p", "d", Weighing(weights={"step-time": 0.7, "peak-memory": 0.3}, concentration=1e6))
    choice = ask(made, profile)
    gaps = {gap.criterion: gap for gap in choice.duels[0].gaps}
    kinds, (a, b) = criteria(), made.candidates
    for name, gap in gaps.items():
        values = [next(iter(one.values(kinds[name]).values()))[1] for one in (a, b)]
        spreads = [spread_of(value, kinds[name].scale) for value in values]
        assert gap.spread == pytest.approx((spreads[0] ** 2 + spreads[1] ** 2) ** 0.5)
    assert gaps["step-time"].low == pytest.approx(log(1 / 0.93) / log(1e6), rel=1e-6)
    random = norm.rvs(size=(2, 400_000), random_state=0)
    lead = 0.7 * (gaps["step-time"].low + gaps["step-time"].spread * random[0]).clip(min=0)
    lead -= 0.3 * (-gaps["peak-memory"].low + gaps["peak-memory"].spread * random[1]).clip(min=0)
    assert choice.duels[0].a_ahead == pytest.approx((lead > 0).mean(), abs=0.012)


def test_options_over_many_runs_are_frameworks_and_own_runs_count_first() -> None:
    sides = [Planted("keras_side", framework="tensorflow"), Planted("torch_side", step_s=5e-4)]
    theirs = build(sides, id_="reference/one", own=False)
    alone = decide(options_of([(theirs.evidence, theirs.sides)]), weighed(step_time=1))
    assert alone.winner == "pytorch"
    assert {one.name: one.status for one in alone.options} == {
        "keras-tensorflow": "compared",
        "pytorch": "compared",
        "jax": "no evidence",
        "keras-jax": "no evidence",
        "keras-torch": "no evidence",
    }
    mine = build([Planted("k", step_s=5e-4, framework="tensorflow"), Planted("t")], id_="0123456789ab")
    both = decide(options_of([(theirs.evidence, theirs.sides), (mine.evidence, mine.sides)]), weighed(step_time=1))
    assert both.winner == "keras-tensorflow"
    assert {value.source for value in both.criteria[0].values} == {"0123456789ab"}


def test_runs_that_disagree_leave_a_tie_and_runs_that_agree_do_not() -> None:
    def over(*steps: float) -> Choice:
        worlds = [
            build([Planted("k", framework="tensorflow"), Planted("t", step_s=step)], id_=f"r{at}", own=False)
            for at, step in enumerate(steps)
        ]
        return decide(options_of([(one.evidence, one.sides) for one in worlds]), weighed(step_time=1))

    assert over(5e-4, 6e-4, 5.5e-4).winner == "pytorch"
    assert over(5e-4, 2e-3, 1.1e-3).verdict == "no robust winner"


def test_two_that_never_met_in_a_run_are_not_compared_by_their_figures() -> None:
    one = build([Planted("k", framework="tensorflow")], id_="r1")
    two = build([Planted("t", step_s=1e-5)], id_="r2")
    choice = decide(options_of([(one.evidence, one.sides), (two.evidence, two.sides)]), weighed(step_time=1))
    assert choice.verdict == "no robust winner"
    assert choice.duels[0].gaps[0].state == "never in one run"


def test_two_sides_of_one_framework_in_a_run_are_options_of_their_own() -> None:
    made = build([Planted("old"), Planted("new", step_s=5e-4)])
    choice = decide(options_of([(made.evidence, made.sides)]), weighed(step_time=1))
    assert choice.winner == "pytorch:new"


def test_a_record_without_samples_is_told_apart_by_its_ratios_and_takes_their_intervals() -> None:
    """As the runs that ship are: sums and peaks of a typical process, and the comparisons with their intervals."""
    made = build(
        [Planted("a"), Planted("b")],
        ratios=[ratio("a", "b", "cold start", "less"), ratio("a", "b", "peak memory", "tie")],
    )
    phases = made.evidence.timings.contenders[0].sets[0].phases_s
    shorter = phases.model_copy(update={"start": phases.start / 2})
    contenders = tuple(
        one.model_copy(update={"sets": (), "phases_s": at, "memory_bytes": one.sets[0].memory_bytes})
        for one, at in zip(made.evidence.timings.contenders, (shorter, phases), strict=True)
    )
    timings = made.evidence.timings.model_copy(update={"contenders": contenders})
    bare = World(dataclasses.replace(made.evidence, timings=timings), made.sides)
    choice = ask(bare, weighed(cold_start=0.5, peak_memory=0.5))
    gaps = {gap.criterion: gap for gap in choice.duels[0].gaps}
    assert (choice.winner, gaps["cold-start"].state, gaps["peak-memory"].state) == ("a", "apart", "tied")
    assert gaps["cold-start"].spread == pytest.approx(log(1.1 / 0.9) / 2 / norm.ppf(0.995) / log(1000), rel=1e-6)
