"""A function in the place of a framework's own: calls are seen, and changed on demand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from paragone.frameworks.stand_in import Gelu, StandIn


def jax_like(x: float, approximate: bool = True) -> tuple[float, bool]:
    return x, approximate


def torch_like(x: float, *, approximate: str = "none") -> tuple[float, str]:
    return x, approximate


@pytest.fixture
def gelu() -> Gelu:
    return Gelu(jax_like, exact=False, tanh=True, default=True)


def test_a_stand_in_passes_on_what_it_is_given_and_remembers_that_it_was_called() -> None:
    module = SimpleNamespace(function=lambda a, b=0: a + b)
    stand_in = StandIn(module.function)
    stand_in.install("function", module)
    bound_early = module.function
    assert not stand_in.called
    assert bound_early(2, b=3) == 5
    assert stand_in.called
    stand_in.function = lambda a, b=0: a * b
    assert bound_early(2, b=3) == 6
    stand_in.reset()
    assert not stand_in.called
    assert bound_early(2, b=3) == 5


@pytest.mark.parametrize(
    ("args", "kwargs", "expected"),
    [((1.0,), {}, True), ((1.0, False), {}, False), ((1.0,), {"approximate": False}, False)],
)
def test_the_form_is_seen_however_it_is_given(
    gelu: Gelu, args: tuple[Any, ...], kwargs: dict[str, Any], expected: bool
) -> None:
    assert gelu.traits() == []
    assert gelu.call(*args, **kwargs) == (1.0, expected)
    (trait,) = gelu.traits()
    assert (trait["value"], trait["trap"], trait["row"]) == (expected, "gelu-approximation", "C1")


def test_a_side_that_uses_both_forms_has_no_trait(gelu: Gelu) -> None:
    gelu.call(1.0, approximate=True)
    gelu.call(1.0, approximate=False)
    assert gelu.traits() == []


def test_a_form_can_be_forced_until_the_side_is_built_anew(gelu: Gelu) -> None:
    gelu.forced = False
    assert gelu.call(1.0) == (1.0, False)
    assert gelu.call(1.0, True) == (1.0, False)
    gelu.reset()
    assert gelu.call(1.0) == (1.0, True)


def test_each_framework_has_its_own_words_for_the_forms() -> None:
    gelu = Gelu(torch_like, exact="none", tanh="tanh", default="none")
    assert gelu.call(1.0) == (1.0, "none")
    assert gelu.traits()[0]["value"] is False
    gelu.forced = True
    assert gelu.call(1.0) == (1.0, "tanh")
