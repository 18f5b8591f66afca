"""Modules of Flax Linen in the forms in which people nest them, followed; a process of its own imports JAX."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen as nn
from flax import nnx

from paragone.frameworks.jax.linen.finding import of_apply
from paragone.frameworks.jax.linen.stats import found_in, start_of
from paragone.frameworks.jax.trees.reading import batch_form

X = np.cos(np.arange(12.0, dtype=np.float32)).reshape(3, 4)


class Block(nn.Module):
    width: int = 4

    @nn.compact
    def __call__(self, x: Any) -> Any:
        return x + nn.Dense(self.width)(nn.LayerNorm()(x))


class Carrying(nn.Module):
    @nn.compact
    def __call__(self, x: Any, _: Any) -> Any:
        return Block()(x), None


class Scanned(nn.Module):
    @nn.compact
    def __call__(self, x: Any) -> Any:
        layers = nn.scan(Carrying, variable_axes={"params": 0}, split_rngs={"params": True}, length=3)
        return nn.Dense(2)(layers()(x, None)[0])


class Rematerialised(nn.Module):
    @nn.compact
    def __call__(self, x: Any) -> Any:
        return nn.Dense(2)(nn.remat(Block)()(x))


class Mapped(nn.Module):
    @nn.compact
    def __call__(self, x: Any) -> Any:
        several = {"variable_axes": {"params": 0}, "split_rngs": {"params": True}, "in_axes": None, "axis_size": 3}
        return nn.vmap(nn.Dense, **several)(2)(x).mean(0)


class Listed(nn.Module):
    def setup(self) -> None:
        self.layers = [nn.Dense(4), nn.LayerNorm(), nn.Dense(2)]

    def __call__(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x


class Tied(nn.Module):
    def setup(self) -> None:
        self.embed, self.block = nn.Embed(7, 4), Block()

    def encode(self, tokens: Any) -> Any:
        return self.block(self.embed(tokens))

    def __call__(self, x: Any) -> Any:
        tokens = jnp.argmax(x, -1)[:, None]
        return self.embed.attend(self.encode(tokens)).mean(1)


class Recurrent(nn.Module):
    @nn.compact
    def __call__(self, x: Any) -> Any:
        both = nn.Bidirectional(nn.RNN(nn.GRUCell(3)), nn.RNN(nn.LSTMCell(3)))
        return nn.Dense(2)(both(x[..., None])[:, -1])


class Doubled(nn.Dense):
    @nn.compact
    def __call__(self, inputs: Any) -> Any:
        return super().__call__(inputs) * 2


class Derived(nn.Module):
    @nn.compact
    def __call__(self, x: Any) -> Any:
        return Doubled(2)(nn.WeightNorm(nn.Dense(4))(x))


class Named(nn.Module):
    """Modules with the names of what a layer, or our own class, keeps."""

    @nn.compact
    def __call__(self, x: Any) -> Any:
        for name in ("train", "first", "features", "epsilon"):
            x = nn.Dense(4, name=name)(x)
        return x


FORMS = [Scanned, Rematerialised, Mapped, Listed, Tied, Recurrent, Derived, Named]


def followed(form: Any) -> None:
    linen = form()
    params = linen.init(jax.random.key(0), X)["params"]
    wanted, apply = linen.apply({"params": params}, X), linen.apply

    def loss(function: Any) -> Any:
        return lambda tree: (function({"params": tree}, X) ** 2).sum()

    gradient = jax.grad(loss(apply))(params)
    model, routed = of_apply(("params", params), [linen], {})
    model.look((X,), {}, lambda: 1)
    model.eval()
    assert np.array_equal(model(X), wanted)
    model.train()
    for found in (jax.grad(loss(routed))(params), jax.jit(jax.grad(loss(linen.apply)))(params)):
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5), gradient, found)
    held = nnx.grad(lambda one: (one(X) ** 2).sum())(model)
    assert sum(leaf.size for leaf in jax.tree.leaves(held)) == sum(leaf.size for leaf in jax.tree.leaves(params))


def numbers() -> None:
    linen = Block()
    params = linen.init(jax.random.key(0), X)["params"]
    apply = linen.apply
    model, _ = of_apply(("params", params), [linen], {})
    model.look((X,), {}, lambda: 1)
    model.eval()
    plain = model(X)
    model.root.LayerNorm_0.epsilon = 0.5
    assert model.numbers() == (("epsilon", 0.5),)
    x = (X - X.mean(-1, keepdims=True)) / np.sqrt(X.var(-1, keepdims=True) + 0.5)
    wanted = X + x @ params["Dense_0"]["kernel"]
    assert np.abs(model(X) - wanted).max() < 1e-5 < np.abs(plain - wanted).max()
    model.root.LayerNorm_0.epsilon = 1e-6
    assert np.array_equal(model(X), apply({"params": params}, X))


STATS = {"batch_stats": {"norm": {"mean": np.zeros(2), "var": np.ones(2)}}}


def statistics() -> None:
    results: list[Any] = [(1.0, STATS), (1.0, ("logits", STATS["batch_stats"])), {"loss": 1.0, "state": STATS}, STATS]
    for given in results:
        assert found_in(given, STATS) == STATS
    assert found_in((1.0, {"accuracy": 0.5}), STATS) is None
    files: list[dict[str, Any]] = [{"batch_stats": STATS["batch_stats"]}, {"model_state": STATS}]
    for names in (*files, {"variables": {"params": {"w": np.ones((2, 2))}, **STATS}}):
        assert start_of(names, None) == STATS


def names_that_collide() -> None:
    """A parameter and a statistic of one module may have one name, and collections come in any order."""
    params = {"a": {"scale": np.ones(2, np.float32)}}
    stats = {"z": {"a": {"scale": np.zeros(3, np.float32)}}, "b": {"a": {"mean": np.ones(1, np.float32)}}}
    linen = nn.Dense(1)
    model, _ = of_apply(("params", params), [linen], stats)
    held = model.carried().stats
    assert [held["z"]["a"]["scale"].shape, held["b"]["a"]["mean"].shape] == [(3,), (1,)]
    assert model.tree()["a"]["scale"].shape == (2,)


def looks_up(params: Any, batch: Any) -> Any:
    return params, batch["image"], batch["label"]


def hands_on(state: Any, data: Any) -> Any:
    gradient_of = jax.value_and_grad(looks_up)
    return gradient_of(state.params, data)


def hands_on_at_once(state: Any, data: Any) -> Any:
    return jax.value_and_grad(lambda params: looks_up(params, batch=data))(state)


def takes_apart(state: Any, data: Any) -> Any:
    x, y = data
    return state, x, y


def batches() -> None:
    looked_up = {"image": 1, "label": 2}
    assert batch_form(looks_up, "batch")(1, 2) == looked_up
    assert batch_form(jax.jit(hands_on), "data")(1, 2) == looked_up
    assert batch_form(hands_on_at_once, "data")(1, 2) == looked_up
    assert batch_form(takes_apart, "data")(1, 2) == (1, 2)


def outcome(check: Callable[[], None]) -> str:
    """Nothing, or why a check failed."""
    try:
        check()
    except Exception:
        return traceback.format_exc()
    return ""


if __name__ == "__main__":
    checks = {check.__name__: check for check in (numbers, statistics, names_that_collide, batches)}
    forms = {form.__name__: lambda form=form: followed(form) for form in FORMS}
    print(json.dumps({name: outcome(check) for name, check in {**checks, **forms}.items()}))
