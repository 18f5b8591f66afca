from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.report.figures import count, difference, number, percent, seconds, size, spread, times
from paragone.report.phrases import Figure, linked, listed, plain
from paragone.report.text import anchor, clean, shortened

TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.02304, "0.023"),
        (3.1234e-12, "3.12 × 10⁻¹²"),
        (1e-9, "1 × 10⁻⁹"),
        (1234.5, "1,230"),
        (999_999.0, "1 × 10⁶"),
        (-0.0004, "−4 × 10⁻⁴"),
        (math.inf, "∞"),
        (math.nan, "not a number"),
        (None, "–"),
    ],
)
def test_a_number_has_three_digits(value: float | None, text: str) -> None:
    assert number(value) == text


def test_figures_carry_their_unit() -> None:
    assert seconds(0.00142) == "1.42 ms"
    assert seconds(0.9999) == "1 s"
    assert seconds(0.0) == "0"
    assert size(912 << 20) == "912 MiB"
    assert percent(0.968) == "96.8 %"
    assert times(1.2) == "1.20×"
    assert (count(1, "side"), count(2, "class", "classes")) == ("1 side", "2 classes")


def test_an_interval_gets_the_decimals_that_it_deserves() -> None:
    assert spread(-0.00139, -0.00355, 0.000763, 100) == ("−0.14", "−0.36", "0.08")
    assert spread(0.0, 0.0, 0.0) == ("0", "0", "0")
    assert spread(-1.8e-9, -6.6e-9, 2.9e-9) == ("−1.8 × 10⁻⁹", "−6.6 × 10⁻⁹", "2.9 × 10⁻⁹")


def test_a_difference_of_more_than_the_whole_is_a_factor() -> None:
    assert difference(0.0325) == "3.25 %"
    assert difference(3.25) == "a factor of 4.25"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=1e-300, max_value=1e300))
def test_a_number_is_true_to_its_digits(value: float) -> None:
    text = number(value)
    plain_text = text.replace(",", "")
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    found = re.fullmatch(r"([\d.]+)(?: × 10([⁻⁰-⁹¹²³]+))?", plain_text)

    assert found
    read = float(f"{found[1]}e{(found[2] or '0').translate(digits)}")
    assert math.isclose(read, value, rel_tol=0.006)


@given(TEXT)
def test_cleaning_leaves_nothing_that_steers_and_is_done_once(text: str) -> None:
    cleaned = clean(text)

    assert cleaned.encode().decode() == cleaned
    assert all(character.isprintable() or character in "\n\t" or character.isspace() for character in cleaned)
    assert clean(cleaned) == cleaned


@given(TEXT, TEXT)
def test_an_anchor_is_safe_and_its_own(one: str, other: str) -> None:
    one, other = clean(one), clean(other)

    assert re.fullmatch(r"[a-z0-9_-]+", anchor(one, other))
    assert (anchor(one) == anchor(other)) == (one == other)


@given(TEXT)
def test_linking_changes_no_letter(text: str) -> None:
    assert plain(linked(text, "sheet")) == text


def test_linking_finds_numbers_and_leaves_names_alone() -> None:
    phrase = linked("float64 layer-1 in B1: 0.023 apart, 55 % of 1,250, −4 × 10⁻⁴ (1.2e-09), 784-64-10.", "sheet")

    assert [piece.text for piece in phrase if isinstance(piece, Figure)] == [
        "0.023", "55 %", "1,250", "−4 × 10⁻⁴", "1.2e-09",
    ]  # fmt: skip


def test_lists_read_as_people_write_them() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert shortened("a  long\nname", 7) == "a long…"
