from __future__ import annotations

from math import log

import pytest
from scipy.stats import norm

from paragone.choose import choose, profiles
from paragone.choose.criteria import criteria
from paragone.choose.decision import decide
from paragone.choose.draws import LEAD_THAT_COUNTS
from paragone.choose.profile import Profile
from paragone.choose.scale import estimate
from paragone.errors import InputError
from paragone.records import Choice

from .worlds import Planted, World, build, ratio

ALL = ("step-time", "cold-start", "peak-memory", "accuracy", "conciseness")


def ask(made: World, profile: str = "balanced", seed: int = 0) -> Choice:
    return choose(made.evidence.proof, made.evidence.timings, made.sides, profile, seed)


def better(name: str, by: float = 1.10) -> Planted:
    """A side that is better by this factor on every criterion."""
    usual = Planted("usual")
    return Planted(
        name,
        step_s=usual.step_s / by,
        cold_s=usual.cold_s / by,
        peak=usual.peak / by,
        accuracy=usual.accuracy * by,
        tokens=round(usual.tokens / by),
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_planted_winner_by_a_tenth_is_chosen_by_every_profile(seed: int) -> None:
    made = build([Planted("usual"), better("planted"), Planted("slow", step_s=1.01e-3)])
    for profile in profiles():
        choice = ask(made, profile, seed)
        assert (choice.verdict, choice.winner) == ("winner", "planted")
        assert choice.ranking[0].side == "planted"


def test_one_side_under_three_names_is_not_recommended_over_itself() -> None:
    by_chance: tuple[dict[str, float], ...] = ({"step_s": 0.9e-3, "peak": 3e8}, {}, {"cold_s": 3.5})
    chance = [Planted(name, code="import torch\n", **more) for name, more in zip("abc", by_chance, strict=True)]
    for profile in profiles():
        choice = ask(build(chance), profile)
        assert (choice.verdict, choice.winner) == ("no robust winner", None)
        assert [one.p_best for one in choice.ranking] == pytest.approx([1 / 3] * 3)


def test_sides_that_differ_in_nothing_but_noise_are_not_told_apart() -> None:
    made = build([Planted("a", step_s=1.002e-3, noise=0.02), Planted("b", peak=4.01e8, noise=0.02)])
    choice = ask(made)
    assert choice.verdict == "no robust winner"
    assert any("not told apart: a and b" in sentence for sentence in choice.because)


def test_a_tie_in_the_timing_does_not_separate() -> None:
    fast = [Planted("a", step_s=0.8e-3), Planted("b")]
    assert ask(build(fast), "long-training").winner == "a"
    tied = build(fast, ratios=[ratio("b", "a", "step", "tie")])
    choice = ask(tied, "long-training")
    assert choice.verdict == "no robust winner"
    assert [one.p_best for one in choice.ranking] == [0.5, 0.5]


def test_what_the_timing_tells_apart_counts_although_the_intervals_overlap() -> None:
    noisy = [Planted("a", step_s=0.8e-3, noise=0.5), Planted("b", noise=0.5)]
    apart = build(noisy, ratios=[ratio("a", "b", "step", "faster")])
    assert ask(apart, "long-training").ranking[0].p_best > ask(build(noisy), "long-training").ranking[0].p_best


def test_timings_that_are_not_trusted_leave_time_out_and_say_why() -> None:
    made = build([Planted("a", step_s=1e-4), Planted("b")], trusted=False)
    choice = ask(made)
    assert {criterion.id for criterion in choice.criteria} == set(ALL) - {"step-time", "cold-start"}
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


def test_no_side_left_is_nothing_to_choose() -> None:
    made = build([Planted("a", peak=3e9), Planted("b", peak=4e9)])
    choice = ask(made, "small-memory")
    assert (choice.verdict, choice.winner, choice.ranking, choice.flips) == ("nothing to choose", None, (), ())
    assert any("nothing to choose" in sentence for sentence in choice.because)


def test_no_sides_at_all_is_nothing_to_choose() -> None:
    assert choose(None, None, [], "balanced", 0).verdict == "nothing to choose"


def test_what_a_run_cannot_know_is_said() -> None:
    subjects = [sentence.split(":")[0] for sentence in ask(build([Planted("a"), Planted("b")])).not_weighed]
    assert subjects == ["Deployment", "Ecosystem", "The team's knowledge", "Distributed training"]


def test_a_task_that_is_not_the_same_is_said_to_be_none() -> None:
    made = build([Planted("a"), Planted("b")])
    different = made.evidence.proof.model_copy(update={"verdict": "different"})
    choice = choose(different, made.evidence.timings, made.sides, "balanced", 0)
    assert any("may not be the same task" in sentence for sentence in choice.because)
    assert not any("may not be the same task" in sentence for sentence in ask(made).because)


def test_the_record_is_the_same_bytes_for_the_same_seed() -> None:
    made = build([Planted("a", noise=0.1), Planted("b", step_s=0.9e-3, noise=0.1), Planted("c", tokens=150)])
    assert ask(made, seed=3).model_dump_json() == ask(made, seed=3).model_dump_json()
    assert ask(made, seed=3).model_dump_json() != ask(made, seed=4).model_dump_json()


def test_the_order_of_the_sides_does_not_matter() -> None:
    planted = [Planted("a", noise=0.1), Planted("b", step_s=0.9e-3, noise=0.1), Planted("c", tokens=150)]
    assert ask(build(planted)).ranking == ask(build(planted[::-1])).ranking


def test_an_unknown_profile_is_bad_input() -> None:
    with pytest.raises(InputError, match="no profile"):
        ask(build([Planted("a"), Planted("b")]), "fastest")


def test_figures_are_in_the_sentences() -> None:
    made = build([Planted("a", step_s=1.5e-3, peak=2**29), Planted("b", cold_s=9.5)])
    text = " ".join(ask(made).because)
    assert all(figure in text for figure in ("1.5 ms", "512 MiB", "9.5 s", "90.0 %", "200 tokens", "weighs 25 %"))


def test_the_draws_agree_with_the_arithmetic_of_one_criterion() -> None:
    """Two normal values on one log scale: how often one leads by enough is known in closed form."""
    made = build(
        [Planted("a", step_s=0.93e-3, noise=0.1), Planted("b", noise=0.1)],
        ratios=[ratio("a", "b", "step", "faster")],
        sets=1000,
    )
    choice = decide(made.evidence, made.sides, Profile(name="p", description="", weights={"step-time": 1}), 0)
    scale = criteria()["step-time"].scale
    spread = sum(estimate(one.value, scale).spread ** 2 for one in choice.criteria[0].values) ** 0.5
    reach = LEAD_THAT_COUNTS * log(scale.worst / scale.best)
    lead = log(1 / 0.93)
    ahead, behind = norm.sf(reach, lead, spread), norm.cdf(-reach, lead, spread)
    assert choice.ranking[0].p_best == pytest.approx(ahead + (1 - ahead - behind) / 2, abs=0.01)
