"""Runs the planted pairs of one framework in a process of its own and prints what was seen, as JSON."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from paragone.calls.sites import Change
from paragone.frameworks.changing import change
from paragone.frameworks.registry import frameworks
from paragone.frameworks.traits import following_traits, layer_traits, roundings
from paragone.records import Trait
from paragone.sides.weight_map import MappedWeight, WeightMap

Array = np.ndarray[Any, Any]


def adapter(framework: str) -> Any:
    """An adapter without a side's file: only its model is looked at."""
    kind = import_module(frameworks()[framework].worker).ADAPTER
    spec = {"file": __file__, "selector": "", "batch_size": 4, "scheduler_step": "batch", "threads": 1}
    made = kind({**spec, "dtype": "float64"}, None)
    with made.guarded(0):
        pass
    return made


def run(framework: str, model: Any, x: Array) -> list[Array]:
    """Outputs, and gradients of their mean square by the input, eagerly and compiled."""
    return {"torch": _torch, "jax": _jax, "tensorflow": _tensorflow}[framework](model, x)


def _torch(model: Any, x: Array) -> list[Array]:
    import torch

    given = _given("torch", model, x).requires_grad_(True)
    y = model(given)
    (gradient,) = torch.autograd.grad((y**2).mean(), [given])
    return [y.detach().numpy(), gradient.numpy()]


def _jax(model: Any, x: Array) -> list[Array]:
    import jax
    from flax import nnx

    model.eval()
    gradient = jax.grad(lambda x: (model(x) ** 2).mean())(x)
    return [np.asarray(model(x)), np.asarray(gradient), np.asarray(nnx.jit(lambda model, x: model(x))(model, x))]


def _tensorflow(model: Any, x: Array) -> list[Array]:
    import tensorflow as tf

    given = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(given)
        y = model(given)
        loss = tf.reduce_mean(y**2)
    return [y.numpy(), tape.gradient(loss, given).numpy(), tf.function(model)(given).numpy()]


def _given(framework: str, model: Any, x: Array) -> Any:
    if framework != "torch":
        return x
    import torch

    model.eval()
    return torch.tensor(np.moveaxis(x, -1, 1) if x.ndim == 4 else x)


def copy_weights(framework: str, source: Any, target: Any) -> None:
    """The same weights in both models."""
    if framework == "torch":
        target.load_state_dict(source.state_dict())
    elif framework == "jax":
        from flax import nnx

        nnx.update(target, nnx.state(source, nnx.Not(nnx.RngState)))
    else:
        target.set_weights(source.get_weights())


def in_double(framework: str, model: Any) -> Any:
    """The model in float64."""
    if framework == "torch":
        return model.double()
    if framework == "jax":
        import jax
        from flax import nnx

        nnx.update(model, jax.tree.map(lambda a: a.astype("float64"), nnx.state(model, (nnx.Param, nnx.BatchStat))))
    return model


def known_weights(places: list[Any]) -> WeightMap:
    """Every weight by a name that a pair has in common: its module's place among those with weights, and its role."""
    modules = list(dict.fromkeys(id(place.module) for place in places))
    roles = {"w": "kernel", "b": "bias"}
    return WeightMap(
        weights=tuple(
            MappedWeight(
                name=f"layer_{modules.index(id(place.module)) + 1}/{roles.get(place.attribute, place.attribute)}",
                path=place.path,
            )
            for place in places
        )
    )


def watch(framework: str, side: Any, model: Any, x: Array) -> dict[str, list[dict[str, Any]]]:
    """The traits of a model, and those that mean something only beside another model."""
    import_module(f"paragone.frameworks.{framework}.calls").watch(model, side.sites)
    places = list(import_module(f"paragone.frameworks.{framework}.places").places(model))
    side.places = lambda: places
    side.map = known_weights(places)
    side.forget_spots()
    given = _given(framework, model, x)
    with side.sites.observed() as seen:
        model(given)
    side.layers = side.name_layers(seen)
    rows = layer_traits(side.layers, lambda _layer: None)
    rows += following_traits(side.layers, lambda _layer: None, values=True)
    rows += roundings(side.layers, lambda _layer: None, rounded=True)
    idle = roundings(side.layers, lambda _layer: None, rounded=False)
    return {name: [Trait(**row).model_dump() for row in found] for name, found in (("traits", rows), ("idle", idle))}


def apart(left: list[Array], right: list[Array]) -> float:
    """The largest distance, relative to the largest number."""
    if any(a.shape != b.shape for a, b in zip(left, right, strict=True)):
        return float("inf")
    return max(float(np.abs(a - b).max() / np.abs(b).max()) for a, b in zip(left, right, strict=True))


def differing(framework: str, a: dict[str, Any], b: dict[str, Any]) -> list[Any]:
    """What the proof would suspect."""
    from paragone.prove.hypotheses import hypotheses
    from paragone.prove.subject import Subject
    from paragone.sides.scan import SideFile

    def subject(name: str, said: dict[str, Any]) -> Subject:
        file = SideFile(name, Path(name), name, "", framework, "", name, ())
        return Subject(file, said)

    return hypotheses([subject("a", a), subject("b", b)])


def judged(framework: str, side: Any, pair: tuple[Any, Any, str, tuple[int, ...]]) -> dict[str, Any]:
    """A pair: what is suspected, and how far apart it is before and after the interventions."""
    make_a, make_b, _, shape = pair
    x = np.random.default_rng(0).normal(size=shape)
    a, b = (in_double(framework, make()) for make in (make_a, make_b))
    if framework == "tensorflow":
        a(x), b(x)
    copy_weights(framework, a, b)
    side.sites.reset()
    left, said_a = run(framework, a, x), watch(framework, side, a, x)
    again = differing(framework, said_a, watch(framework, side, a, x))
    right, said_b = run(framework, b, x), watch(framework, side, b, x)
    suspects = differing(framework, said_a, said_b)
    change(side, [row for one in suspects for row in one.plain()])
    after = run(framework, b, x)
    changed = bool(side.sites.changes or side.sites.followers)
    side.sites.reset()
    left = _in_exact_form(framework, side, a, x)
    after = apart(after, left)
    return {
        "traps": sorted({one.trait.trap for one in suspects}),
        "suspected_of_itself": [one.trait.trap for one in again],
        "before": min(apart(right, left), 1e300),
        "after": min(after, 1e300),
        "exact_form": changed,
    }


def _in_exact_form(framework: str, side: Any, model: Any, x: Array) -> list[Array]:
    """What the reference gives without TensorFlow's float32 constants, which are a trap of their own."""
    if framework == "tensorflow":
        watch(framework, side, model, x)
        kinds = {"gelu", "leaky_relu", "upsample"}
        side.sites.changes = {one.key: Change(one.entry, {}) for one in side.layers if one.kind in kinds}
    found = run(framework, model, x)
    side.sites.reset()
    return found


def main() -> None:
    """One JSON object: the pairs by name."""
    framework = sys.argv[1]
    side = adapter(framework)
    planted = import_module(f"tests.calls.planted_{framework}").PLANTED
    print(json.dumps({name: judged(framework, side, pair) for name, pair in planted.items()}))


if __name__ == "__main__":
    main()
