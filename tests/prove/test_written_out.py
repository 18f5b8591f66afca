"""Steps in plain JAX that write their update out, with a velocity or running means that they keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from paragone.errors import SideError

from .harness import first_failing, prove_texts
from .test_trees import ADAM, DICT, HEAD, SGD, STARTS

MOMENTUM = HEAD + "optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)\n"
VELOCITY = (
    DICT
    + """

RATE, MOMENTUM = 0.1, 0.9
velocity = jax.tree.map(jnp.zeros_like, params)

@jax.jit
def update(params, velocity, x, y):
    {gradients}
    velocity = jax.tree.map(lambda v, g: MOMENTUM * v + g, velocity, grads)
    params = jax.tree.map(lambda p, v: p - RATE * v, params, velocity)
    return {given}
"""
)
MEANS = (
    DICT
    + """

m = jax.tree.map(jnp.zeros_like, params)
v = jax.tree.map(jnp.zeros_like, params)
{start}


@jax.jit
def train_step(params, {taken}, batch, lr=0.01, b1=0.9, b2={b2}, eps=1e-8):
    x, y = batch
    {before}
    loss, grads = jax.value_and_grad(loss_fn)(params, x, y)
    m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
    v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g**2, v, grads)
    params = jax.tree.map(
        lambda p, m, v: p - lr * (m / (1 - b1**t)) / (jnp.sqrt(v / (1 - b2**t)) + eps), params, m, v
    )
    return {given}
"""
)


SQUARES = (
    DICT
    + """

cache = jax.tree.map(jnp.zeros_like, params)


@jax.jit
def update(params, cache, x, y, lr=0.01, decay=0.9):
    grads = jax.grad(loss_fn)(params, x, y)
    cache = jax.tree.map(lambda c, g: decay * c + (1 - decay) * g**2, cache, grads)
    return jax.tree.map(lambda p, g, c: p - lr * g / (jnp.sqrt(c) + 1e-8), params, grads, cache), cache
"""
)
SMOOTHER = HEAD + "optimizer = torch.optim.RMSprop(model.parameters(), lr=0.01)\n"


def velocity(given: str = "params, velocity", gradients: str = "grads = jax.grad(loss_fn)(params, x, y)") -> str:
    return VELOCITY.replace("{given}", given).replace("{gradients}", gradients)


def means(taken: str = "m, v, t", given: str = "params, m, v, t, loss", b2: str = "0.999") -> str:
    start = "adam = (m, v, 0)" if taken == "adam" else "t = 0"
    before = {"adam": "m, v, t = adam\n    t = t + 1", "m, v, step": "t = step"}.get(taken, "t = t + 1")
    parts = {"taken": taken, "given": given, "b2": b2, "start": start, "before": before}
    text = MEANS
    for name, value in parts.items():
        text = text.replace(f"{{{name}}}", value)
    return text


COMPILED = "\ngradients_of = jax.jit(jax.value_and_grad(loss_fn))\n"


@pytest.mark.parametrize(
    ("side", "torch"),
    [
        (velocity(), MOMENTUM),
        (velocity("velocity, params, loss", "loss, grads = jax.value_and_grad(loss_fn)(params, x, y)"), MOMENTUM),
        (
            velocity(gradients="_, grads = gradients_of(params, x, y)").replace("\nRATE", COMPILED + "\nRATE"),
            MOMENTUM,
        ),
        (means(), ADAM),
        (means("adam", "loss, params, (m, v, t)"), ADAM),
        (means("m, v, step", "params, m, v"), ADAM),
    ],
    ids=["velocity", "in_another_order", "compiled_gradients", "means", "in_a_tuple", "counted_by_the_loop"],
)
def test_an_update_that_is_written_out_is_known_by_what_it_does(side: str, torch: str, tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, torch, side)
    assert pair.verdict == "same"
    assert {cause.trap for cause in pair.causes} <= STARTS


@pytest.mark.parametrize(
    ("side", "torch", "told", "written"),
    [
        (
            velocity().replace("MOMENTUM = 0.1, 0.9", "MOMENTUM = 0.1, 0.8"),
            *(MOMENTUM, ("sgd-momentum", "0.9", "0.8"), "RATE, MOMENTUM = 0.1, 0.9"),
        ),
        (
            velocity().replace("RATE * v", "0.2 * v"),
            *(MOMENTUM, ("learning-rate", "0.1", "0.2")),
            "params = jax.tree.map(lambda p, v: p - 0.1 * v, params, velocity)",
        ),
        (
            means(b2="0.95"),
            *(ADAM, ("adam-betas", "0.999", "0.95")),
            "def train_step(params, m, v, t, batch, lr=0.01, b1=0.9, b2=0.999, eps=1e-8):",
        ),
        (SQUARES, SMOOTHER, ("rmsprop-rho", "0.99", "0.9"), "def update(params, cache, x, y, lr=0.01, decay=0.99):"),
    ],
    ids=["momentum", "rate", "betas", "squares"],
)
def test_what_it_does_otherwise_is_a_cause_with_its_line(
    side: str, torch: str, told: tuple[str, ...], written: str, tmp_path: Path
) -> None:
    pair, proof = prove_texts(tmp_path, torch, side)
    (cause,) = (one for one in pair.causes if one.trap not in STARTS)
    assert (cause.trap, cause.a, cause.b) == told
    assert [one.verdict for one in proof.corrected] == ["same"]
    assert cause.fix is not None
    assert (cause.fix.side, cause.fix.exact, cause.fix.replacement) == ("jax", True, written)
    assert side.splitlines()[(cause.fix.line or 0) - 1].strip() == cause.fix.text


def test_of_two_numbers_of_one_value_that_of_its_name_is_written(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, ADAM, means(b2="0.9"))
    (cause,) = (one for one in pair.causes if one.trap not in STARTS)
    assert cause.fix is not None
    assert cause.fix.replacement.endswith("b1=0.9, b2=0.999, eps=1e-8):")


def test_an_update_of_no_known_rule_counts_as_it_is(tmp_path: Path) -> None:
    signs = velocity().replace("p - RATE * v", "p - RATE * jnp.tanh(v)")
    pair, _ = prove_texts(tmp_path, MOMENTUM, signs)
    assert pair.verdict == "different"
    assert first_failing(pair) == "step"


def test_what_the_loss_is_handed_is_data_and_no_count(tmp_path: Path) -> None:
    step = """

def update(params, x, t):
    grads = jax.grad(loss_fn)(params, x, t)
    return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads)
"""
    loss = "def loss_fn(params, x, y):\n"
    assert loss in DICT
    pair, _ = prove_texts(tmp_path, SGD, DICT.replace(loss, "def loss_fn(params, x, t):\n    y = t\n") + step)
    assert pair.verdict == "same"


def test_a_velocity_is_never_taken_for_the_weights(tmp_path: Path) -> None:
    other = velocity("speed, moved").replace("velocity = jax.tree.map(lambda", "speed = jax.tree.map(lambda")
    other = other.replace(
        "    params = jax.tree.map(lambda p, v: p - RATE * v, params, velocity)",
        "    moved = jax.tree.map(lambda p, v: p - RATE * v, params, speed)",
    )
    with pytest.raises(SideError, match="no optimizer"):
        prove_texts(tmp_path, MOMENTUM, other)
