from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from paragone.measure import words
from paragone.measure.forecast import FORECAST_AFTER
from paragone.measure.looks import Looks
from paragone.measure.plan import MIN_SETS, OVERRUN
from paragone.measure.stage import measure
from paragone.progress import Silent
from paragone.records import Ratio, Timings
from paragone.trials import Trials

STEP_S = {"keras": 0.001, "torch": 0.0005, "jax": 0.0005}
QUANTITIES = ("step", "cold start", "peak memory")


class Watched(Silent):
    """Remembers what it was told, and that nothing was drawn while it had to be still."""

    def __init__(self) -> None:
        self.total = self.done = 0.0
        self.quiet = False
        self.said: list[str] = []
        self.stills = 0

    def stage(self, name: str, total: float) -> None:
        assert name == "measure"
        self.total = total

    def advance(self, amount: float = 1.0, note: str = "") -> None:
        assert not self.quiet
        self.done += amount

    def say(self, text: str) -> None:
        assert not self.quiet
        self.said.append(text)

    def still(self, quiet: bool) -> None:
        self.quiet = quiet
        self.stills += quiet


@pytest.fixture
def run(tmp_path: Path, contender: Any) -> Callable[..., Timings]:
    def run(
        stand: Any, *sides: Any, budget_s: float = 150.0, key: Any = None, progress: Any = None, matters: float = 0.02
    ) -> Timings:
        return measure(
            [side if not isinstance(side, str) else contender(side) for side in sides or ("keras", "torch", "jax")],
            budget_s=budget_s,
            seed=0,
            batch_size=32,
            threads=2,
            trials=Trials(tmp_path),
            key=key or {"sides": "abc"},
            log_folder=tmp_path / "logs",
            progress=progress or Silent(),
            matters=matters,
            launch=stand.launch,
        )

    return run


def ratio(timings: Timings, a: str, b: str, quantity: str = "step") -> Ratio:
    return next(one for one in timings.ratios if (one.a, one.b, one.quantity) == (a, b, quantity))


def test_the_faster_is_faster_and_the_same_is_a_tie(run: Any, stable: Any) -> None:
    timings = run(stable(STEP_S))
    assert ratio(timings, "keras", "torch").verdict == "slower"
    assert ratio(timings, "keras", "torch").low < 2 < ratio(timings, "keras", "torch").high
    assert ratio(timings, "torch", "jax").verdict == "tie"
    assert "would have shown" in ratio(timings, "torch", "jax").sentence
    assert timings.trusted


def test_every_pair_of_a_track_is_compared_in_every_quantity(run: Any, stable: Any, contender: Any) -> None:
    tuned = [contender(side, "tuned") for side in ("keras", "torch")]
    timings = run(stable(STEP_S), "keras", "torch", "jax", *tuned, budget_s=300.0)
    seen = {(one.track, one.quantity, one.a, one.b) for one in timings.ratios}
    pairs = (("keras", "torch"), ("keras", "jax"), ("torch", "jax"))
    assert seen == {("idiomatic", q, *pair) for q in QUANTITIES for pair in pairs} | {
        ("tuned", q, "keras", "torch") for q in QUANTITIES
    }


def test_cold_start_is_the_sum_of_the_phases(run: Any, stable: Any) -> None:
    timings = run(stable(STEP_S, start_s={"keras": 0.6, "torch": 0.2, "jax": 0.2}))
    assert ratio(timings, "keras", "torch", "cold start").ratio == pytest.approx(3)
    assert timings.contenders[0].phases_s.import_ == pytest.approx(0.6)


def test_the_plan_is_what_the_budget_pays_for(run: Any, stable: Any) -> None:
    small, large = (run(stable(STEP_S), budget_s=budget) for budget in (60.0, 150.0))
    assert MIN_SETS <= small.plan.sets < large.plan.sets
    for timings in (small, large):
        assert all(len(one.sets) == timings.plan.sets for one in timings.contenders)
        assert all(len(one.log_ratios) == timings.plan.sets for one in timings.ratios)
        spent = sum(part.accounted_s for one in timings.contenders for part in one.sets) * 4 / 3
        assert spent <= timings.plan.budget_s * 1.1


def test_the_budget_says_how_many_sets_there_are_at_most_and_when_ratios_are_looked_at(run: Any, stable: Any) -> None:
    plan = run(stable(STEP_S, noise=0.3)).plan
    assert plan.sets == plan.looks[-1] > len(plan.looks) > 1
    assert plan.stopped == "budget"


def test_a_clear_difference_ends_the_run_early(run: Any, stable: Any) -> None:
    progress = Watched()
    timings = run(stable({"keras": 0.001, "torch": 0.0005}, noise=0.01), "keras", "torch", progress=progress)
    assert timings.plan.stopped == "decided"
    assert timings.plan.sets in timings.plan.looks[:-1]
    assert ratio(timings, "keras", "torch").verdict == "slower"
    assert progress.done == pytest.approx(progress.total)


def test_a_tie_ends_the_run_once_what_matters_is_excluded(run: Any, stable: Any) -> None:
    same = {"torch": 0.0005, "jax": 0.0005}
    early, late = (run(stable(same, noise=0.004), "torch", "jax", matters=matters) for matters in (0.02, 0.001))
    assert (early.plan.stopped, late.plan.stopped) == ("decided", "budget")
    assert ratio(early, "torch", "jax").verdict == "tie"
    assert "less than" in ratio(early, "torch", "jax").sentence
    assert early.plan.sets < late.plan.sets
    assert "would have shown" in ratio(late, "torch", "jax").sentence


def test_every_interval_can_be_made_again_from_its_log_ratios(run: Any, stable: Any) -> None:
    timings = run(stable(STEP_S))
    share = Looks(timings.plan.looks).share(timings.plan.sets)
    for one in timings.ratios:
        assert one.alpha == pytest.approx((1 - one.level) * share / 3)
        logs = np.array(one.log_ratios)
        reach = stats.t.ppf(1 - one.alpha / 2, logs.size - 1) * logs.std(ddof=1) / math.sqrt(logs.size)
        assert (one.low, one.high) == pytest.approx((math.exp(logs.mean() - reach), math.exp(logs.mean() + reach)))


def test_what_will_be_seen_is_foretold_once_and_recorded(run: Any, stable: Any) -> None:
    progress = Watched()
    timings = run(stable(STEP_S, noise=0.05), progress=progress)
    told = timings.plan.forecast
    assert told is not None and told.sets == FORECAST_AFTER
    assert [text for text in progress.said if "will show" in text] == [words.of_forecast(told)]


def test_a_machine_that_becomes_slow_does_not_take_the_budget_many_times_over(run: Any, stable: Any) -> None:
    stand = stable(STEP_S, noise=0.3)
    clock = iter(range(0, 10**6, 20))  # each set takes 20 s, and the plan took it for less
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("paragone.measure.sets.time.monotonic", lambda: next(clock))
        plan = run(stand).plan
    assert MIN_SETS <= plan.sets < plan.looks[-1]
    assert plan.stopped == "budget"
    assert plan.sets * 20 <= OVERRUN * plan.budget_s


def test_there_are_never_fewer_sets_than_an_interval_needs(run: Any, stable: Any) -> None:
    timings = run(stable(STEP_S), budget_s=5.0)
    assert timings.plan.sets == MIN_SETS
    assert {len(one.log_ratios) for one in timings.ratios} == {MIN_SETS}


def test_an_instrument_that_fails_its_own_test_withholds_the_ranking(run: Any, stable: Any) -> None:
    timings = run(stable(STEP_S, bias=1.5, noise=0.001))
    assert not timings.trusted
    verdicts = {q: {one.verdict for one in timings.ratios if one.quantity == q} for q in QUANTITIES}
    assert verdicts["step"] == {"withheld"}
    assert "withheld" not in verdicts["cold start"] | verdicts["peak memory"]
    assert ratio(timings, "keras", "torch").sentence.startswith("withheld")
    assert any("failed its own test" in note for note in timings.notes)


def test_a_slow_start_that_pays_is_told_with_the_steps_that_it_takes(run: Any, stable: Any, contender: Any) -> None:
    """Jax starts 2 s later (5 phases of 0.4 s more) and steps twice as fast as torch: 2 s / 0.5 ms are 4,000 steps."""
    step_s = {"torch": 0.001, "jax": 0.0005}
    stand = stable(step_s, noise=0.01, start_s={"torch": 0.2, "jax": 0.6})
    timings = run(stand, "torch", "jax")
    (found,) = timings.break_even
    assert (found.sooner, found.later) == ("torch", "jax")
    assert found.low < 4000 < found.high
    assert "torch starts sooner" in found.sentence
    assert run(stable(step_s, noise=0.001, bias=1.5), "torch", "jax", key={"biased": 1}).break_even == ()


def test_a_short_run_foretells_as_well(run: Any, stable: Any) -> None:
    timings = run(stable(STEP_S, noise=0.05), budget_s=5.0)
    assert timings.plan.looks == (MIN_SETS,)
    told = timings.plan.forecast
    assert told is not None and told.sets == timings.plan.looks[-1] - 1


def creeping(side: str, steady_s: float) -> float:
    """Keras becomes faster all the time that its process runs."""
    return 1.5 / (1 + 0.4 * steady_s) if side == "keras" else 1.0


def test_a_contender_that_is_not_steady_is_told_and_has_no_rank_among_those_that_are_near(
    run: Any, stable: Any
) -> None:
    near, far = {"keras": 0.00078, "torch": 0.0005, "jax": 0.0005}, {"keras": 0.005, "torch": 0.0005, "jax": 0.0005}
    close, apart = (run(stable(step_s, pace=creeping, noise=0.005), key=step_s) for step_s in (near, far))
    for timings in (close, apart):
        keras, torch, jax = (one.steadiness for one in timings.contenders)
        assert (keras.verdict, torch.verdict, jax.verdict) == ("not steady", "steady", "steady")
        assert any(note.startswith("keras (idiomatic) is not steady") for note in timings.notes)
    assert ratio(close, "keras", "torch").verdict == "withheld"
    assert "keras is not steady" in ratio(close, "keras", "torch").sentence
    assert ratio(apart, "keras", "torch").verdict == "slower"
    assert ratio(close, "torch", "jax").verdict == "tie"


def test_an_instrument_that_passes_says_so(run: Any, stable: Any) -> None:
    timings = run(stable(STEP_S))
    assert {one.quantity for one in timings.self_test} == set(QUANTITIES)
    assert all(one.low <= 1 <= one.high and "as it should" in one.sentence for one in timings.self_test)


def test_an_interrupted_stage_goes_on_with_the_next_set(run: Any, stable: Any) -> None:
    whole = run(stable(STEP_S), key={"whole": 1})
    stand = stable(STEP_S)
    first = stable(STEP_S, kill_after=3 * 4 * 40)
    with pytest.raises(KeyboardInterrupt):
        run(first)
    finished = sum(op == "time_end" for op, _, _ in first.calls) // 4
    assert 1 <= finished < whole.plan.sets
    timings = run(stand)
    assert timings.plan.sets == whole.plan.sets
    assert sum(op == "time_end" for op, _, _ in stand.calls) == 4 * (whole.plan.sets - finished)


def test_a_finished_stage_is_found_again_and_a_changed_one_is_not(run: Any, stable: Any) -> None:
    first, again, changed = stable(STEP_S), stable(STEP_S), stable(STEP_S)
    assert run(first) == run(again)
    assert again.launched == []
    run(changed, key={"sides": "changed"})
    assert changed.launched


def test_a_contender_that_fails_is_a_result(run: Any, stable: Any) -> None:
    progress = Watched()
    stand = stable(STEP_S, fails=("torch", "time_start", 4))
    timings = run(stand, progress=progress)
    keras, torch, jax = timings.contenders
    assert (keras.status, torch.status, jax.status) == ("ok", "failed", "ok")
    assert "out of memory" in torch.why
    assert torch.step_s is None
    assert {(one.a, one.b) for one in timings.ratios} == {("keras", "jax")}
    assert len(keras.sets) == timings.plan.sets > len(torch.sets) >= 1
    assert any("torch" in text for text in progress.said)
    assert sum(process.side == "torch" for process in stand.launched) <= 5


def test_when_all_fail_nothing_is_compared(run: Any, stable: Any) -> None:
    timings = run(stable(STEP_S, fails=("torch", "time_start", 0)), "torch")
    assert timings.contenders[0].status == "failed"
    assert (timings.ratios, timings.self_test) == ((), ())


def test_progress_is_told_between_sets_and_adds_up(run: Any, stable: Any) -> None:
    progress = Watched()
    timings = run(stable(STEP_S), progress=progress)
    assert progress.stills == timings.plan.sets
    assert not progress.quiet
    assert progress.done == pytest.approx(progress.total)


def test_notes_tell_the_load_and_the_cost_of_the_parent(run: Any, stable: Any) -> None:
    timings = run(stable(STEP_S))
    assert any(note.startswith("load average") for note in timings.notes)
    assert any("of a core while contenders were timed" in note for note in timings.notes)
