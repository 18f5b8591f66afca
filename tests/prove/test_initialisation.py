"""The distributions of the starting weights: few false alarms, no known law missed, every usual law named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom, truncnorm

from paragone.prove.initialisation import (
    compare_draws,
    differing,
    fans,
    initialisation_rung,
    named_distribution,
    pooled,
)
from paragone.prove.tolerances import BUILDS, INITIALISATION_P
from paragone.prove.traps import row_of_initialiser

Array = np.ndarray[Any, Any]
Draw = Callable[[np.random.Generator, tuple[int, ...]], Array]
FAN_IN, FAN_OUT = 20, 30
SHAPES = {"dense_1/kernel_io": (FAN_IN, FAN_OUT), "dense_1/bias": (FAN_OUT,)}


def uniform(bound: float) -> Draw:
    return lambda random, shape: random.uniform(-bound, bound, shape)


def truncated(deviation: float) -> Draw:
    """Cut at two deviations and rescaled, as Keras and Flax draw it."""
    return lambda random, shape: truncnorm.rvs(
        -2, 2, scale=deviation / 0.87962566103423978, size=shape, random_state=random
    )


LAWS: dict[str, Draw] = {
    "Glorot uniform": uniform(np.sqrt(6 / (FAN_IN + FAN_OUT))),
    "uniform ±1/sqrt(fan in)": uniform(FAN_IN**-0.5),
    "He uniform": uniform(np.sqrt(6 / FAN_IN)),
    "LeCun uniform": uniform(np.sqrt(3 / FAN_IN)),
    "uniform ±0.05": uniform(0.05),
    "LeCun normal": truncated(FAN_IN**-0.5),
    "Glorot normal": truncated(np.sqrt(2 / (FAN_IN + FAN_OUT))),
    "He normal": truncated(np.sqrt(2 / FAN_IN)),
    "normal, standard deviation 1": lambda random, shape: random.normal(0, 1, shape),
    "normal, standard deviation 0.02": lambda random, shape: random.normal(0, 0.02, shape),
}


@pytest.mark.parametrize("constant", [0.0, 0.5])
def test_a_constant_is_told_from_a_law_around_it_in_four_elements(constant: float) -> None:
    shapes = {"dense_1/kernel_io": (FAN_IN, 4), "dense_1/bias": (4,)}
    random = drawn(uniform(FAN_IN**-0.5), 1, shapes)
    fixed = {**random, "dense_1/bias": np.full_like(random["dense_1/bias"], constant)}
    assert differing(random, fixed) == differing(fixed, random) == ["dense_1/bias"]


def drawn(law: Draw, seed: int, shapes: dict[str, tuple[int, ...]] = SHAPES) -> dict[str, Array]:
    random = np.random.default_rng(seed)
    return pooled({f"{build}/{name}": law(random, shape) for build in range(BUILDS) for name, shape in shapes.items()})


@pytest.mark.parametrize("label", LAWS)
def test_every_usual_law_is_named(label: str) -> None:
    name = "dense_1/kernel_io"
    named = [
        named_distribution(name, drawn(LAWS[label], seed, {name: SHAPES[name]})[name], SHAPES) for seed in range(10)
    ]
    assert all(text.startswith(label) for text in named), named


def test_constants_are_named() -> None:
    assert named_distribution("dense_1/bias", np.zeros(240), SHAPES) == "constant 0"
    assert named_distribution("dense_1/bias", np.ones(240), SHAPES) == "constant 1"


def test_a_bias_is_measured_by_the_fan_in_of_its_kernel() -> None:
    draws = drawn(uniform(FAN_IN**-0.5), 3)["dense_1/bias"]
    assert named_distribution("dense_1/bias", draws, SHAPES) == "uniform ±1/sqrt(fan in) = ±0.224"


def test_a_convolution_counts_its_window_in_the_fan() -> None:
    shapes = {"conv_1/kernel_spatial_io": (3, 3, 8, 16), "conv_1/bias": (16,)}
    draws = drawn(uniform(72**-0.5), 5, shapes)
    assert named_distribution("conv_1/kernel_spatial_io", draws["conv_1/kernel_spatial_io"], shapes).startswith(
        "uniform ±1/sqrt(fan in) = ±0.118"
    )
    assert named_distribution("conv_1/bias", draws["conv_1/bias"], shapes).startswith("uniform ±1/sqrt(fan in)")


def test_a_law_that_is_none_of_the_usual_is_told_by_its_figures() -> None:
    draws = np.random.default_rng(0).exponential(2.0, 5000)
    assert named_distribution("dense_1/kernel_io", draws, SHAPES).startswith("mean 2.03, ")


def test_false_alarms_are_as_rare_as_stated() -> None:
    """With the tolerance of the rung, 2,000 equal pairs may raise no more alarms than chance would."""
    n_pairs, laws = 2000, list(LAWS.values())
    random = np.random.default_rng(11)
    alarms = 0
    for pair in range(n_pairs):
        law = laws[pair % len(laws)]
        p_value = compare_draws(law(random, (400,)), law(random, (400,)))[1]
        alarms += p_value < INITIALISATION_P
    assert alarms <= binom.ppf(0.999, n_pairs, INITIALISATION_P)


def test_the_p_value_is_no_smaller_than_it_should_be() -> None:
    """At levels that 2,000 pairs can show, no more alarms than the level says."""
    random = np.random.default_rng(12)
    p_values = np.array([compare_draws(random.uniform(size=300), random.uniform(size=300))[1] for _ in range(2000)])
    for level in (0.01, 0.05):
        assert (p_values < level).sum() <= binom.ppf(0.999, len(p_values), level)


@pytest.mark.parametrize("seed", range(5))
def test_equal_laws_are_the_same_and_the_defaults_of_the_frameworks_are_not(seed: int) -> None:
    glorot, other = drawn(LAWS["Glorot uniform"], seed), drawn(LAWS["Glorot uniform"], 100 + seed)
    torch, flax = drawn(LAWS["uniform ±1/sqrt(fan in)"], seed), drawn(LAWS["LeCun normal"], seed)
    assert differing(glorot, other) == []
    for left, right in ((glorot, torch), (glorot, flax), (torch, flax)):
        assert "dense_1/kernel_io" in differing(left, right)
    rung = initialisation_rung(glorot, torch, SHAPES, "float64")
    assert rung.verdict == "different"
    assert "Glorot uniform" in rung.detail
    assert "uniform ±1/sqrt(fan in)" in rung.detail
    assert initialisation_rung(glorot, other, SHAPES, "float64").verdict == "same"


def test_zeros_against_anything_else() -> None:
    zeros = np.zeros(64)
    assert compare_draws(zeros, zeros) == (0.0, 1.0)
    assert compare_draws(zeros, np.ones(64)) == (1.0, 0.0)
    assert compare_draws(zeros, np.random.default_rng(0).uniform(-0.1, 0.1, 64))[1] < INITIALISATION_P


def test_a_constant_is_the_same_in_every_precision_that_it_is_drawn_in() -> None:
    double, single = np.full(9, 0.1), np.full(9, np.float32(0.1), np.float64)
    assert double[0] != single[0]
    assert compare_draws(double, single) == (0.0, 1.0)
    assert compare_draws(double, double + 1e-6) == (1.0, 0.0)
    mixed = np.repeat([0.1, 1.0], 500), np.repeat([float(np.float32(0.1)), 1.0], 500)
    assert compare_draws(*mixed)[0] == 0.0


def test_the_same_scale_with_another_shape_is_another_law() -> None:
    """LeCun normal and LeCun uniform have the same standard deviation."""
    shapes = {"dense_1/kernel_io": (80, 60)}
    normal, flat = (drawn(law, 1, shapes) for law in (truncated(80**-0.5), uniform((3 / 80) ** 0.5)))
    assert normal["dense_1/kernel_io"].std() == pytest.approx(flat["dense_1/kernel_io"].std(), rel=0.05)
    assert "dense_1/kernel_io" in differing(normal, flat)


def test_pooling_keeps_every_draw_of_a_tensor() -> None:
    found = pooled({"0/a": np.array([[1.0, 2.0]]), "1/a": np.array([[3.0, 4.0]]), "10/a": np.array([[5.0, 6.0]])})
    assert sorted(found["a"]) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


@pytest.mark.parametrize(
    ("tensor", "slug"),
    [
        ("dense_1/bias", "bias-initialiser"),
        ("read/bias_hh_l0", "bias-initialiser"),
        ("read/weight_hh_l0", "kernel-initialiser"),
        ("layer_norm_1/offset", "bias-initialiser"),
        ("embedding_1/table", "embedding-initialiser"),
    ],
)
def test_a_start_is_told_by_what_the_tensor_is(tensor: str, slug: str) -> None:
    assert row_of_initialiser(tensor)[0] == slug


def orthogonal(factor: float) -> Draw:
    def draw(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
        tall = random.normal(size=(max(shape), min(shape)))
        made = np.linalg.qr(tall)[0]
        return (factor * (made if shape[0] >= shape[1] else made.T)).astype(np.float32)

    return draw


@pytest.mark.parametrize("shape", [(12, 48), (48, 12), (16, 16)])
def test_an_orthogonal_matrix_is_told_from_elements_that_look_the_same(shape: tuple[int, int]) -> None:
    name, shapes = "lstm_1/kernel_io", {"lstm_1/kernel_io": shape}
    made = drawn(orthogonal(1.0), 0, shapes)
    spread = uniform(float(np.sqrt(3 / max(shape))))
    free, again = drawn(spread, 1, shapes), drawn(orthogonal(1.0), 2, shapes)
    assert differing(made, free, shapes) == differing(free, made, shapes) == [name]
    assert differing(made, again, shapes) == differing(free, drawn(spread, 3, shapes), shapes) == []
    assert named_distribution(name, made[name], shapes) == "orthogonal"
    assert named_distribution(name, drawn(orthogonal(2.0), 4, shapes)[name], shapes) == "orthogonal, gain 2"


@pytest.mark.parametrize("shape", [(1, 8), (8, 1), (8,)])
def test_a_vector_is_never_orthogonal(shape: tuple[int, ...]) -> None:
    shapes = {"dense_1/kernel_io": shape}
    first, second = drawn(uniform(0.3), 1, shapes), drawn(uniform(0.3), 2, shapes)
    assert differing(first, second, shapes) == []
    assert not named_distribution("dense_1/kernel_io", first["dense_1/kernel_io"], shapes).startswith("orthogonal")


def test_the_heads_of_an_attention_are_one_axis_of_outputs() -> None:
    shapes = {"query/kernel": (FAN_IN, 5, 6), "query/bias": (5, 6)}
    assert [fans(name, shapes) for name in shapes] == [(FAN_IN, FAN_OUT)] * 2
