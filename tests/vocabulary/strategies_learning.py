"""Random configurations of losses, optimizers, schedules and clipping, in the form of their examples."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Examples = SearchStrategy[dict[str, Any]]


def _options(**fields: SearchStrategy[Any]) -> Examples:
    return st.fixed_dictionaries({}, optional=fields)


def _numbers(low: float, high: float) -> SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False).map(lambda value: float(f"{value:.4g}")).filter(lambda v: v >= low)


_SHAPES = st.lists(st.integers(1, 6), min_size=1, max_size=3)
_CLASSES = st.tuples(st.lists(st.integers(1, 5), max_size=2), st.integers(2, 7)).map(lambda pair: [*pair[0], pair[1]])
_LAWS = st.sampled_from(["normal", "normal", "wide"])
"""How far outputs reach."""


@st.composite
def _elements(draw: Any, fields: Examples | None = None, **fixed: Any) -> dict[str, Any]:
    """An output and a target for each of its numbers; with or without a last axis of 1."""
    output = draw(_SHAPES)
    target = output[:-1] if output[-1] == 1 and draw(st.booleans()) else output
    image = {"image": True} if len(output) == 3 and draw(st.booleans()) else {}
    return {
        **(draw(fields) if fields is not None else {}),
        **fixed,
        **image,
        "output": output,
        "target": target,
        "law": draw(_LAWS),
    }


@st.composite
def _vectors(draw: Any, fields: Examples | None = None, **fixed: Any) -> dict[str, Any]:
    """An output with classes and a target of its shape."""
    output = draw(_CLASSES)
    image = {"image": True} if len(output) == 3 and draw(st.booleans()) else {}
    return {
        **(draw(fields) if fields is not None else {}),
        **fixed,
        **image,
        "output": output,
        "target": output,
        "law": draw(_LAWS),
    }


@st.composite
def _weighted(draw: Any, examples: Examples, n_classes: int | None = None) -> dict[str, Any]:
    """With weights of classes now and then."""
    example = dict(draw(examples))
    if draw(st.booleans()):
        count = n_classes or example["output"][-1]
        example["class_weights"] = draw(st.lists(_numbers(0.1, 5), min_size=count, max_size=count))
    return example


@st.composite
def _sparse(draw: Any) -> dict[str, Any]:
    """Class numbers."""
    example = dict(draw(_weighted(_vectors())))
    example["target"] = example["output"][:-1]
    if draw(st.booleans()):
        example["ignore_index"] = draw(st.integers(-1, example["output"][-1]))
        if example["ignore_index"] < example["output"][-1]:
            example.pop("class_weights", None)
    if draw(st.booleans()):
        example |= {"from_logits": False, "output_is": "probabilities"}
    elif draw(st.booleans()):
        example["label_smoothing"] = draw(_numbers(0.01, 0.5))
    return example


def _from_probabilities(examples: Examples, law: str) -> Examples:
    made = examples.map(lambda example: {**example, "from_logits": False, "output_is": law})
    return st.one_of(examples, made)


_SMOOTHING = _options(label_smoothing=_numbers(0.01, 0.5))
_FOCAL = {"gamma": _numbers(1, 4)}
LOSSES: dict[str, Examples] = {
    "sparse_categorical_crossentropy": _sparse(),
    "categorical_crossentropy": _from_probabilities(
        _weighted(_vectors(_SMOOTHING, target_is="probabilities")), "probabilities"
    ),
    "binary_crossentropy": _from_probabilities(_weighted(_elements(_SMOOTHING, target_is="bits"), 2), "probability"),
    "mean_squared_error": _elements(),
    "mean_absolute_error": _elements(),
    "huber": _elements(_options(delta=_numbers(0.05, 3))),
    "log_cosh": _elements(),
    "kl_divergence": _vectors(output_is="probabilities", target_is="probabilities"),
    "poisson": _elements(output_is="positive", target_is="positive"),
    "cosine_similarity": _vectors(),
    "hinge": _elements(target_is="signs"),
    "squared_hinge": _elements(target_is="signs"),
    "binary_focal_crossentropy": _elements(_options(**_FOCAL, alpha=_numbers(0.1, 0.9)), target_is="bits"),
    "categorical_focal_crossentropy": _vectors(_options(**_FOCAL, alpha=_numbers(0.1, 3)), target_is="probabilities"),
    "gaussian_kl": st.builds(
        lambda front, latent: {"output": [*front, 2 * latent], "target": []},
        st.lists(st.integers(1, 6), max_size=2),
        st.integers(1, 7),
    ),
}


@st.composite
def _weighed(draw: Any, examples: Examples) -> dict[str, Any]:
    """With weights of samples, or of positions, every other time."""
    example = draw(examples)
    if draw(st.booleans()):
        return {**example, "weight": draw(st.sampled_from([[], example["output"][:-1]]))}
    return example


LOSSES = {word: _weighed(examples) for word, examples in LOSSES.items()}
_STEPS = st.integers(1, 80)
SCHEDULES: dict[str, Examples] = {
    "constant": st.just({}),
    "step": st.fixed_dictionaries({"every": _STEPS}, optional={"factor": _numbers(0.05, 1.2)}),
    "piecewise": st.fixed_dictionaries(
        {"boundaries": st.lists(_STEPS, min_size=1, max_size=4, unique=True).map(sorted)},
        optional={"factor": _numbers(0.05, 1.2)},
    ),
    "exponential": st.fixed_dictionaries({"steps": _STEPS}, optional={"factor": _numbers(0.5, 1.2)}),
    "cosine": st.fixed_dictionaries({"steps": _STEPS}, optional={"alpha": _numbers(0, 1)}),
    "polynomial": st.fixed_dictionaries(
        {"steps": _STEPS}, optional={"alpha": _numbers(0, 1), "power": _numbers(0.5, 4)}
    ),
    "warmup": st.fixed_dictionaries({"warmup": _STEPS}),
    "warmup_cosine": st.builds(
        lambda warmup, more, alpha: {"warmup": warmup, "steps": warmup + more, **alpha},
        st.integers(1, 30),
        _STEPS,
        _options(alpha=_numbers(0, 1)),
    ),
    "warmup_linear": st.builds(
        lambda warmup, more, alpha: {"warmup": warmup, "steps": warmup + more, **alpha},
        st.integers(1, 30),
        _STEPS,
        _options(alpha=_numbers(0, 1)),
    ),
}

SCHEDULES["plateau"] = st.fixed_dictionaries(
    {"every": st.integers(1, 6), "patience": st.integers(1, 3), "threshold": _numbers(0.005, 0.5)},
    optional={
        "factor": _numbers(0.2, 0.95),
        "threshold_mode": st.sampled_from(["relative", "absolute"]),
        "cooldown": st.integers(0, 4),
        "alpha": _numbers(0, 0.5),
    },
)

CLIPPINGS: dict[str, Examples] = {
    name: st.fixed_dictionaries({"limit": _numbers(0.001, 2)}) for name in ("value", "norm", "global_norm")
}


def with_rates(tables: dict[str, Examples], low: float, high: float) -> dict[str, Examples]:
    """The same words, each with a learning rate of its own."""
    rates = _numbers(low, high)
    return {
        word: st.builds(lambda example, rate: {**example, "learning_rate": rate}, examples, rates)
        for word, examples in tables.items()
    }


def _learner(rate: tuple[float, float], **fields: SearchStrategy[Any]) -> Examples:
    """An optimizer, now and then with a schedule and with clipping."""
    schedule = st.sampled_from(sorted(SCHEDULES)).flatmap(lambda w: SCHEDULES[w].map(lambda o: {"kind": w, **o}))
    clipping = st.sampled_from(sorted(CLIPPINGS)).flatmap(lambda w: CLIPPINGS[w].map(lambda o: {"kind": w, **o}))
    named = {"learning_rate": _numbers(*rate)}
    return st.fixed_dictionaries(named, optional={**fields, "schedule": schedule, "clipping": clipping})


_BETAS = {"beta_1": _numbers(0.5, 0.95), "beta_2": _numbers(0.8, 0.9995)}
_EPSILON = {"epsilon": _numbers(1e-8, 1e-2)}
OPTIMIZERS: dict[str, Examples] = {
    "sgd": _learner((0.001, 0.1), momentum=_numbers(0, 0.95), nesterov=st.booleans()),
    "adam": _learner((1e-4, 0.01), **_BETAS, **_EPSILON, amsgrad=st.booleans()),
    "adamw": _learner((1e-4, 0.01), **_BETAS, **_EPSILON, amsgrad=st.booleans(), weight_decay=_numbers(0, 0.5)),
    "adamax": _learner((1e-4, 0.01), **_BETAS, **_EPSILON),
    "nadam": _learner((1e-4, 0.01), **_BETAS, **_EPSILON, momentum_decay=_numbers(0.001, 1)),
    "rmsprop": _learner(
        (1e-4, 0.02),
        rho=_numbers(0.5, 0.99),
        momentum=_numbers(0, 0.9),
        centered=st.booleans(),
        epsilon=_numbers(1e-6, 1e-2),
    ),
    "adagrad": _learner((1e-3, 0.1), initial_accumulator_value=_numbers(0, 1), **_EPSILON),
    "adadelta": _learner((0.1, 2.0), rho=_numbers(0.5, 0.99), epsilon=_numbers(1e-7, 1e-3)),
    "lion": _learner(
        (1e-4, 0.02), beta_1=_numbers(0.5, 0.95), beta_2=_numbers(0.5, 0.999), weight_decay=_numbers(0, 0.5)
    ),
    "adafactor": _learner(
        (1e-3, 0.2),
        beta_2_decay=_numbers(0.3, 1.0).map(lambda decay: -decay),
        epsilon_2=_numbers(1e-4, 1e-2),
        clip_threshold=_numbers(0.3, 2),
    ),
}
