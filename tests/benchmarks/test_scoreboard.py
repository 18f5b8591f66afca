"""The scoreboard: tools are read as they answer, trials are counted right, and the page is that of its rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.scoreboard import __main__ as command
from benchmarks.scoreboard.ledger import ROWS, Row, add, read
from benchmarks.scoreboard.page import alarms, page, seen
from benchmarks.scoreboard.plot import save_plot
from benchmarks.scoreboard.rates import Rate, at_most
from benchmarks.scoreboard.tool import Probe, Tool, Trial, Verdict, ask
from benchmarks.scoreboard.tools import hyperfine, one_then_other, pyperf, tools, torch_benchmark
from benchmarks.scoreboard.trial import rows

PROBE = Probe(start_s=2.0, pass_s=0.06)


def row(said: str, planted: float = 0.0, **more: Any) -> Row:
    base = {"tool": "paragone", "rule": "interval at 99 %", "version": "1", "side": "torch", "regime": "idle"}
    figures = {"budget_s": 60.0, "took_s": 61.0, "other_cores": 0.1, "load_before": 0.5, "made": "2026-11-30"}
    return base | figures | {"said": said, "planted": planted, "ratio": 1.0} | more


def test_every_tool_is_found_and_says_how_it_is_used() -> None:
    names = ["paragone", "pyperf", "hyperfine", "torch.utils.benchmark", "one, then the other"]
    assert list(tools()) == names
    assert all(tool.about and isinstance(tool.found(), bool) for tool in tools().values())


def test_the_slowed_program_takes_n_plus_1_steps_for_n(tmp_path: Path) -> None:
    trial = Trial("torch", 0.05, 60.0, True, 0, tmp_path, PROBE)
    assert trial.in_order() == [("slowed", 105), ("as_it_is", 100)]
    assert trial.slowed_steps / 100 == 21 / 20


def test_welch_calls_correlated_passes_different_and_equal_ones_not() -> None:
    dice = np.random.default_rng(0)
    same = one_then_other.verdicts(1 + 0.01 * dice.standard_normal(400), 1 + 0.01 * dice.standard_normal(400))
    moved = one_then_other.verdicts(1 + 0.01 * dice.standard_normal(400), 1.02 + 0.01 * dice.standard_normal(400))
    assert {one.said for one in same} == {"tie"}
    assert [(one.rule, one.said) for one in moved] == [
        ("Welch's t-test at 0.05", "slower"),
        ("Welch's t-test at 0.01", "slower"),
    ]


def test_the_table_of_torch_is_read_in_both_ways() -> None:
    said = {"as_it_is": {"median": 0.1001, "trimmed": 0.1}, "slowed": {"median": 0.1018, "trimmed": 0.1}}
    assert [one.said for one in torch_benchmark.verdicts(said)] == ["tie", "slower"]
    said["slowed"] = {"median": 0.0996, "trimmed": 0.0996}
    assert [one.said for one in torch_benchmark.verdicts(said)] == ["faster", "tie"]


def test_what_pyperf_prints_is_read() -> None:
    hidden = "Benchmark hidden because not significant (1): a pass\n"
    slower = "Mean +- std dev: [as_it_is] 60.1 ms +- 1.0 ms -> [slowed] 63.1 ms +- 0.9 ms: 1.05x slower\n"
    assert pyperf.verdict(hidden, 0.0601, 0.0603).said == "tie"
    assert pyperf.verdict(slower, 0.0601, 0.0631).said == "slower"


@pytest.mark.parametrize("budget_s", [60.0, 120.0, 600.0])
def test_each_tool_is_given_what_the_time_pays_for(budget_s: float) -> None:
    passes, runs = hyperfine.plan(budget_s, PROBE)
    took_s = 2 * (runs + 1) * (PROBE.start_s + passes * PROBE.pass_s)
    assert 0.8 * budget_s <= took_s <= budget_s
    values_s = (pyperf.processes(budget_s, PROBE) + pyperf.CALIBRATIONS) * (PROBE.start_s + 4 * 0.13)
    assert 0.8 * budget_s <= 2 * values_s <= budget_s


def fake(name: str, said: Any) -> Tool:
    return Tool(name, name, "made up", 1, lambda: "9", "", lambda: True, lambda _: [Verdict("a rule", said, 1.05)])


def test_a_trial_becomes_rows_and_a_disturbed_one_is_called_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = Trial("torch", 0.05, 60.0, False, 0, tmp_path, PROBE)
    busy = iter((0.0, 0.0, 0.0, 1e6))
    monkeypatch.setattr("benchmarks.scoreboard.trial.busy_s", lambda: next(busy))
    (calm,), (disturbed,) = (rows(fake("a tool", "slower"), trial, "idle") for _ in range(2))
    assert (calm["regime"], disturbed["regime"]) == ("idle", "busy")
    assert (calm["tool"], calm["rule"], calm["said"], calm["planted"]) == ("a tool", "a rule", "slower", 0.05)
    assert add(tmp_path / "rows.json", [calm]) == [calm]
    assert add(tmp_path / "rows.json", [disturbed]) == read(tmp_path / "rows.json") == [calm, disturbed]


def test_rates_have_exact_intervals() -> None:
    assert Rate(0, 100).interval[1] == pytest.approx(1 - 0.025 ** (1 / 100))
    assert str(Rate(3, 20)) == "3 of 20 (3 to 38 %)"
    assert str(Rate(0, 0)) == "–"
    assert at_most(Rate(0, 100), Rate(30, 50), 0.1)
    assert not at_most(Rate(0, 20), Rate(12, 20), 0.1)


def test_alarms_and_what_was_seen_are_counted_apart() -> None:
    found = [row("tie"), row("slower"), row("faster"), row("withheld"), row("slower", 0.05), row("faster", 0.05)]
    reading = ("paragone", "interval at 99 %")
    assert alarms(found, reading) == Rate(2, 4)
    assert seen(found, reading, 0.05) == Rate(1, 2)  # the other way round is not seen


def test_the_page_says_what_is_shown_and_what_is_too_little() -> None:
    plain = {"tool": "one, then the other", "rule": "Welch's t-test at 0.05"}
    many = [row("tie") for _ in range(120)] + [row("slower", **plain) for _ in range(80)]
    text = page(many, tools())
    assert "- at most a tenth of the alarms of one, then the other (Welch's t-test at 0.05): shown; 0 of 120" in text
    assert "**Not run here: needs hyperfine (apt-get install hyperfine).**" in text
    assert "Too few trials" not in text
    few = page([row("tie"), row("slower", **plain)], tools())
    assert "not shown; 0 of 1" in few
    assert "**Too few trials of identical programs to say much: 1 a tool.**" in few
    assert "No trial was made yet." in page([], tools())


def test_how_far_a_ratio_is_off_stands_beside_what_was_seen() -> None:
    found = [row("slower", 0.05, ratio=1.05), row("slower", 0.05, ratio=2.1), row("tie", ratio=0.99)]
    assert (
        "| Paragone: interval at 99 % | 0 of 1 (0 to 98 %) | 2 of 2 (16 to 100 %) | 1.0 %, at most 100 % | 61 s |"
        in (page(found, tools()))
    )


def test_the_plot_has_every_reading_and_comes_out_the_same(tmp_path: Path) -> None:
    found = [row("tie"), row("slower", 0.05), row("slower", tool="pyperf", rule="compare_to")]
    for name in ("a.svg", "b.svg"):
        save_plot(found, tools(), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").lstrip().startswith("<?xml")


def test_the_page_in_the_docs_is_that_of_its_rows(tmp_path: Path) -> None:
    copy = tmp_path / ROWS.name
    copy.write_bytes(ROWS.read_bytes())
    command.write(copy)
    stale = "run: python -m benchmarks.scoreboard"
    assert copy.with_suffix(".md").read_text() == ROWS.with_suffix(".md").read_text(), stale


def test_the_program_takes_real_steps() -> None:
    taken = [float(word) for word in ask("passes.py", "torch", 20, 0, 3).split()]
    assert len(taken) == 3
    assert all(1e-4 < seconds < 60 for seconds in taken)


def test_a_program_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match=r"abacus_idiomatic\.py"):
        ask("passes.py", "abacus", 20, 0, 3)


def test_every_row_in_the_docs_is_whole() -> None:
    for found in json.loads(ROWS.read_text(encoding="utf-8")):
        assert set(row("tie")) <= set(found)
        assert found["said"] in ("slower", "faster", "tie", "withheld")
