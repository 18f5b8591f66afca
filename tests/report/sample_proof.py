"""The proof of the made-up record: what separates the sides, and what is left when that is removed."""

from __future__ import annotations

import math
from itertools import combinations
from random import Random

from paragone.records import (
    Cause,
    Checkpoint,
    Curve,
    Distance,
    Effect,
    Explains,
    Fix,
    Floor,
    Gauge,
    Interval,
    Outcome,
    Pair,
    Patch,
    Proof,
    Rung,
    Worth,
)

RUNGS = ("structure", "initialisation", "forward", "loss", "gradients", "step", "trajectory", "outcome")
TOLERANCES = {"forward": 1e-12, "loss": 1e-12, "gradients": 1e-11, "step": 1e-10, "trajectory": 1e-9, "outcome": 1e-9}
FIXES = {
    "optimizer": Fix(
        side="keras_side",
        file="sides/keras_side.py",
        line=15,
        text='optimizer="adam",',
        replacement="optimizer=keras.optimizers.Adam(epsilon=1e-8),",
        exact=True,
    ),
    "torch_side": Fix(
        side="torch_side",
        file="sides/torch_side.py",
        line=11,
        text="",
        replacement="nn.init.xavier_uniform_(model.fc1.weight)",
        adds="from torch import nn",
        note="<b>not</b> a word of HTML",
    ),
    "jax_side": Fix(
        side="jax_side",
        file="sides/jax_side.py",
        line=11,
        text="self.linear1 = nnx.Linear(784, 64, rngs=rngs)",
        replacement="kernel_init=nnx.initializers.glorot_uniform()",
    ),
}
PATCH = Patch(
    diff="--- a/sides/keras_side.py\n+++ b/sides/keras_side.py\n@@ -15 +15 @@\n-    optimizer='adam',\n+    <&>\n",
    files=("sides/keras_side.py",),
    fixed=("adam-epsilon-default in keras_side",),
    left=("initial-weights in torch_side: the model is not made by a statement of the module",),
)
TOLD = {
    "text": "after 500 steps, over 5 seeds: costs 0.40 points of accuracy (0.10 to 0.70); nothing in the training loss",
    "worth": (
        Worth(
            measure="accuracy",
            margin=0.5,
            relative=False,
            difference=Interval(mid=-0.4, low=-0.7, high=-0.1, n=5),
            p_equivalent=0.2,
            verdict="different",
        ),
    ),
}
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
KERAS = "keras_side"
LAWS = {"keras_side": "Glorot uniform", "torch_side": "Kaiming uniform", "jax_side": "LeCun normal"}
START = ("initial-weights", None, "The distribution of the initial weights")
PLACE = ("adam-epsilon-place", "E1", "The place of epsilon in Adam")
_DIFFERENT = {"step": (0.12, 0.12), "trajectory": (0.023, 0.0235), "outcome": (0.0041, 0.0042)}


def proof(names: tuple[str, ...]) -> Proof:
    pairs = list(combinations(names, 2))
    return Proof(
        verdict="different",
        steps=500,
        tolerances=TOLERANCES,
        pairs=tuple(written(a, b) for a, b in pairs),
        corrected=tuple(corrected(a, b) for a, b in pairs),
        gauges=(
            Gauge(
                name="softmax-or-logits",
                text="keras_side ends in a softmax; torch_side and jax_side give logits.",
                why="TensorFlow finds the logits behind the softmax and computes the loss from them.",
                evidence="With the softmax taken out the loss changes by 0 in float64.",
            ),
        ),
        floors=tuple(floor(name, dtype) for name in names for dtype in ("float64", "float32")),
        curves=tuple(curve(name, removed) for removed in (False, True) for name in names),
        outcomes=tuple(outcome(name, variant) for name in names for variant in _variants(name)),
        patch=PATCH,
    )


def written(a: str, b: str) -> Pair:
    differs = KERAS in (a, b)
    rungs = tuple(rung(name, dtype, differs) for name in RUNGS for dtype in ("float64", "float32"))
    return Pair(a=a, b=b, verdict="different", rungs=rungs, causes=causes(a, b))


def corrected(a: str, b: str) -> Pair:
    rungs = tuple(rung(name, dtype, differs=False, start=False) for name in RUNGS for dtype in ("float64", "float32"))
    return Pair(a=a, b=b, verdict="same", rungs=rungs)


def rung(name: str, dtype: str, differs: bool, start: bool = True) -> Rung:
    if name == "structure":
        return Rung(name=name, dtype=dtype, verdict="same", detail="2 layers, 4 tensors")
    if name == "initialisation":
        value = 0.19 if start else 0.01
        return Rung(
            name=name,
            dtype=dtype,
            verdict="different" if start else "same",
            max_rel=value,
            tolerance=0.001,
            where="layer-1.weight" if start else "",
            detail="glorot uniform against kaiming uniform",
        )
    noise = 3e-6 if dtype == "float32" else 4e-15
    wrong = differs and name in _DIFFERENT
    value = _DIFFERENT[name][dtype == "float32"] if wrong else noise * 0.8
    return Rung(
        name=name,
        dtype=dtype,
        verdict="different" if wrong else "same",
        max_rel=value,
        tolerance=TOLERANCES[name] if dtype == "float64" else 10 * noise,
        floor=noise,
        where="layer-1.weight [17, 3]" if wrong else "",
        distances=tuple(
            Distance(tensor=f"layer-{n}.{kind}", max_rel=value / n, index=(17, 3), a=0.0123, b=0.0121)
            for n in (1, 2)
            for kind in ("weight", "bias")
        ),
        checkpoints=drift(value) if name == "trajectory" else (),
    )


def drift(last: float) -> tuple[Checkpoint, ...]:
    return tuple(Checkpoint(step=step, max_rel=last * (step / 500) ** 0.6) for step in STEPS)


def causes(a: str, b: str) -> tuple[Cause, ...]:
    start = cause(a, b, START, (LAWS[a], LAWS[b]), (0.19, 0.01))
    if KERAS not in (a, b):
        return (start,)
    return (
        start,
        cause(a, b, ("adam-epsilon-default", "E2", "Adam's default epsilon"), ("1e-07", "1e-08"), (0.019, 0.0036)),
        cause(a, b, PLACE, ("before the bias correction", "after the bias correction"), (0.0036, 2.1e-8)),
        cause(a, b, ("adam-beta-float32", "E3", "Betas rounded to float32"), ("float32", "float64"), (2.1e-8, 3e-14)),
    )


def cause(
    a: str, b: str, trap: tuple[str, str | None, str], values: tuple[str, str], distances: tuple[float, float]
) -> Cause:
    slug, row, title = trap
    present, removed = distances
    at = "trajectory" if row else "initialisation"
    return Cause(
        trap=slug,
        row=row,
        title=title,
        side=a if row else b,
        where="optimizer, line 15: epsilon" if row else "layer-1/kernel, layer-2/kernel",
        a=values[0],
        b=values[1],
        explains=Explains(rung=at, dtype="float64", present=present, removed=removed, factor=present / removed),
        effect=Effect(
            steps=500,
            parameters_rel=present,
            loss=Interval(mid=0.0012, low=-0.0004, high=0.0028, n=5),
            accuracy=Interval(mid=0.001, low=-0.002, high=0.004, n=5),
            seeds=5,
            **(TOLD if row == "E1" else {}),
        ),
        fix=FIXES["optimizer" if row else b],
        source="https://keras.io/api/optimizers/adam/",
    )


def floor(name: str, dtype: str) -> Floor:
    largest = 3e-6 if dtype == "float32" else 4e-15
    random = Random(name + dtype)
    rest = tuple(largest * random.uniform(0.2, 0.9) for _ in range(15))
    return Floor(
        side=name,
        dtype=dtype,
        runs=16,
        steps=500,
        max_rel=largest,
        samples=(largest, *rest),
        checkpoints=drift(largest),
    )


def curve(name: str, removed: bool) -> Curve:
    random = Random(name if not removed else "all")
    offset = {"keras_side": 0.006, "torch_side": 0.0, "jax_side": 0.0}[name] * (not removed)
    loss = tuple(0.06 + offset + 2.25 * math.exp(-step / 55) + random.uniform(0, 0.1) for step in range(500))
    band = tuple(1e-15 * (1 + step) for step in range(500))
    return Curve(side=name, dtype="float64", loss=loss, band=band, corrected=removed)


def _variants(name: str) -> tuple[str, ...]:
    return ("as written", "initial-weights", "adam-epsilon-default") if name == KERAS else ("as written",)


def outcome(name: str, variant: str) -> Outcome:
    random = Random(name + variant)
    accuracy = tuple(round(random.uniform(0.958, 0.975) * 360) / 360 for _ in range(5))
    return Outcome(
        side=name,
        variant=variant,
        steps=500,
        seeds=(0, 1, 2, 3, 4),
        accuracy=accuracy,
        loss=tuple(4 * (1 - one) for one in accuracy),
    )
