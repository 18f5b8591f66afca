"""A function in the place of a framework's own: calls are seen, and changed on demand."""

from __future__ import annotations

from types import SimpleNamespace

from paragone.frameworks.stand_in import StandIn


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


def test_two_stand_ins_see_every_call_however_often_they_are_installed() -> None:
    """One for a softmax, say, and one for all calls: neither takes the other's place when a side is built again."""
    module = SimpleNamespace(function=lambda a: a + 1)
    first, second = StandIn(module.function), StandIn(module.function)
    for _ in range(3):
        for one in (first, second):
            one.reset()
            one.install("function", module)
        assert module.function(1) == 2
        assert first.called
        assert second.called
