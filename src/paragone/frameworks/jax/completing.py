"""What belongs to a model of JAX in its file: loss, optimizer, and a step of its own."""

from __future__ import annotations

from typing import Any

import optax
from flax import nnx

from paragone.frameworks.common import LOSS_NAMES, SideAdapter
from paragone.frameworks.found import Found
from paragone.frameworks.jax.trees.finding import Tree
from paragone.frameworks.jax.trees.losses import loss_of_tree
from paragone.frameworks.jax.trees.stepping import STEPS, own_step, written_step
from paragone.frameworks.own_step import handed_step, step_of, takes_optimizer


def of_module(side: SideAdapter, model: nnx.Module, name: str) -> Found:
    """Of a module of Flax NNX, which the file calls by this name.

    Raises:
        SideError: the file has no optimizer, or no loss.
    """
    optimizers = side.executed.of(lambda value: isinstance(value, (nnx.Optimizer, optax.GradientTransformation)))
    ready = [item.value for item in optimizers if isinstance(item.value, nnx.Optimizer)]
    plain = [item.value for item in optimizers if not isinstance(item.value, nnx.Optimizer)]
    own = side.executed.function("train_step", step=True)
    loss = side.executed.function(*LOSS_NAMES)
    parts = {"model": model, "loss": loss}
    if not ready and not plain and callable(loss) and (step := step_of(own) or handed_step(own, parts)):
        optimizer = nnx.Optimizer(model, optax.sgd(side.rate_by_hand), wrt=nnx.Param)
        return Found(model, loss, optimizer, None, step, name, by_hand=True)
    if not ready and not plain:
        raise side.missing(
            "optimizer",
            "an nnx.Optimizer or an Optax transformation",
            f"optimizer = nnx.Optimizer({name}, optax.adam(1e-3), wrt=nnx.Param)",
        )
    optimizer = ready[-1] if ready else nnx.Optimizer(model, plain[-1], wrt=nnx.Param)
    step, handed = step_of(own), False
    if step is None and (not callable(loss) or (takes_optimizer(own) and side.looks_at_steps)):
        step, handed = handed_step(own, {**parts, "optimizer": optimizer}), callable(loss)
    if not callable(loss) and step is None:
        raise side.missing("loss", "a function loss_fn(model, x, y)", "def loss_fn(model, x, y): …")
    return Found(model, loss if callable(loss) else None, optimizer, None, step, name, handed=handed)


def of_tree(side: SideAdapter, tree: Tree) -> Found:
    """Of parameters in a tree.

    Raises:
        SideError: the file has no optimizer and no step that moves the weights, or no loss.
    """
    names, given = side.executed.namespace, side.executed.function(*LOSS_NAMES)
    loss = loss_of_tree(given, tree.name, names)
    plain: list[Any] = [
        item.value for item in side.executed.of(lambda value: isinstance(value, optax.GradientTransformation))
    ]
    tx = tree.state.tx if tree.state else plain[-1] if plain else None
    optimizer = nnx.Optimizer(tree.model, tx or optax.sgd(side.rate_by_hand), wrt=nnx.Param)
    own = side.executed.named(*STEPS) if tx is None or loss is None or side.looks_at_steps else None
    written = written_step(own, names, tree, given) if tx is None and callable(loss) and callable(given) else None
    if written is not None:
        return Found(tree.model, loss, written[1], None, written[0], tree.name, handed=True)
    step = own_step(own, names, tree, optimizer if tx else None)
    if step is None and tx is None:
        raise side.missing("optimizer", "an Optax transformation", "optimizer = optax.adam(1e-3)")
    if step is None and loss is None:
        raise side.missing("loss", f"a function loss_fn({tree.name}, x, y)", f"def loss_fn({tree.name}, x, y): …")
    handed = tx is not None and loss is not None and step is not None
    return Found(tree.model, loss, optimizer, None, step, tree.name, by_hand=tx is None, handed=handed)
