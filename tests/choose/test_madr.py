"""The decision record: its form, its figures, and that a record alone makes its bytes."""

from __future__ import annotations

import re

import pytest

from paragone.choose.madr import decision_record
from paragone.choose.profile import parse
from paragone.choose.wording import spread
from paragone.records import Choice

from .worlds import Planted, ask, build

TWO = [
    Planted("fast", step_s=4e-4, peak=5e8, framework="torch"),
    Planted("small", peak=3.5e8, framework="jax"),
    Planted("broken", failed="it hangs", framework="tensorflow"),
]


@pytest.fixture
def choice() -> Choice:
    return ask(build(TWO, id_="0123456789ab"), "large-scale-training")


def test_it_has_the_sections_of_madr_in_their_order(choice: Choice) -> None:
    """https://github.com/adr/madr/blob/4.0.0/template/adr-template.md."""
    text = decision_record(choice)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Context and Problem Statement",
        "Decision Drivers",
        "Considered Options",
        "Decision Outcome",
        "Pros and Cons of the Options",
        "More Information",
    ]
    outcome = text[text.index("## Decision Outcome") : text.index("## Pros and Cons")]
    assert re.findall(r"^### (.+)$", outcome, re.MULTILINE) == ["Consequences", "Confirmation"]
    assert text.startswith('---\nstatus: "proposed"\ndate: 2026-11-30\ndecision-makers: ')
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert "Chosen option: “fast”, because fast has the highest score" in text


def test_the_same_record_gives_the_same_bytes(choice: Choice) -> None:
    again = Choice.model_validate_json(choice.model_dump_json(indent=2))
    assert again == choice
    assert decision_record(again).encode() == decision_record(choice).encode()


def test_every_value_stands_with_its_run(choice: Choice) -> None:
    lines = decision_record(choice).splitlines()
    for criterion in choice.criteria:
        for value in criterion.values:
            told = spread(value.value, criterion.unit)
            assert any(told in line and "0123456789ab" in line for line in lines), told
    for constraint in choice.constraints:
        assert any(constraint.evidence in line and constraint.source in line for line in lines)


def test_what_is_good_and_what_is_bad_about_it_is_told(choice: Choice) -> None:
    text = decision_record(choice)
    consequences = text[text.index("### Consequences") : text.index("### Confirmation")]
    assert "* Good, because steady step time of fast is 400 µs" in consequences
    assert "* Bad, because peak memory of fast is 477 MiB" in consequences
    assert "accuracy" not in consequences


def test_an_abstention_is_a_record_too() -> None:
    same = [Planted(name, code="import torch\n") for name in "ab"]
    text = decision_record(ask(build(same)))
    assert "# No robust winner for “balanced”" in text
    assert "Chosen option: none (no robust winner), because the evidence does not tell a and b apart" in text
    nothing = decision_record(ask(build([Planted("a", failed="it hangs")])))
    assert "# Nothing to choose for “balanced”" in nothing


def test_signed_by_somebody_it_is_accepted(choice: Choice) -> None:
    text = decision_record(choice.model_copy(update={"signed_by": ('A "Lead": x', "B")}))
    assert 'status: "accepted"' in text
    assert 'decision-makers: "A \\"Lead\\": x, B"' in text


def test_what_a_file_is_called_is_no_markup() -> None:
    name = "a<script>|x|[y](http://z)\n# not a heading `q` *b*"
    text = decision_record(ask(build([Planted(name), Planted("b", step_s=2e-3)])))
    assert "<script>" not in text
    assert "\n# not a heading" not in text
    assert "[y](http" not in text.replace("\\[", "")
    assert text.count("\n# ") == 1


def test_an_order_is_told_as_it_was_said() -> None:
    text = decision_record(ask(build(TWO), parse("mine", 'description = "d"\norder = ["step-time > peak-memory"]')))
    assert "all that keep it are equally likely: step-time &gt; peak-memory" in text
