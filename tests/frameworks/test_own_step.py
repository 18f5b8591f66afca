"""Steps that sides bring, brought to `step(x, y)`."""

from __future__ import annotations

from typing import Any

import pytest

from paragone.frameworks.own_step import handed_step, loss_in, needed_of, step_of, takes_optimizer

PARTS = {"model": "the model", "optimizer": "the optimizer", "loss": "the loss"}


def test_a_function_of_two_is_a_step_whatever_else_has_a_default() -> None:
    def step(x: Any, y: Any, training: bool = True) -> Any:
        return x, y, training

    assert step_of(step) is step
    assert needed_of(step) == ["x", "y"]


@pytest.mark.parametrize("value", [None, 3, "step", dict, lambda x: x, lambda model, x, y: x])
def test_anything_else_is_none(value: Any) -> None:
    assert step_of(value) is None


def test_a_step_is_handed_what_its_parameters_are_called() -> None:
    def step(net: Any, x: Any, y: Any, opt: Any, criterion: Any) -> Any:
        return net, opt, criterion, x, y

    found = handed_step(step, PARTS)
    assert found is not None
    assert found(1, 2) == ("the model", "the optimizer", "the loss", 1, 2)


def test_a_batch_is_a_pair() -> None:
    found = handed_step(lambda model, optimizer, batch: (model, optimizer, batch), PARTS)
    assert found is not None
    assert found(1, 2) == ("the model", "the optimizer", (1, 2))


@pytest.mark.parametrize(
    "step",
    [
        lambda x, y: x,
        lambda model: model,
        lambda model, optimizer, metrics, x, y: x,
        lambda state, x, y: x,
    ],
)
def test_what_cannot_be_handed_everything_is_no_step(step: Any) -> None:
    assert handed_step(step, PARTS) is None


def test_a_part_that_the_side_does_not_have_cannot_be_handed() -> None:
    assert handed_step(lambda model, criterion, x, y: x, {"model": "the model"}) is None


@pytest.mark.parametrize("given", [0.5, (0.5, "logits"), [(0.5, 1.0), 2.0], {"loss": 0.5, "accuracy": 1.0}])
def test_the_loss_is_found_in_what_a_step_gives_back(given: Any) -> None:
    assert loss_in(given) == 0.5


def test_a_dict_without_a_loss_has_none() -> None:
    assert loss_in({"accuracy": 1.0}) is None


def test_what_is_handed_an_optimizer_trains() -> None:
    assert takes_optimizer(lambda model, opt, x, y: x)
    assert not takes_optimizer(lambda model, x, y: x)
