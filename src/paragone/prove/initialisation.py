"""The distributions that the starting weights are drawn from: compared over several builds, and named."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from paragone.prove.tolerances import INITIALISATION_P
from paragone.records import Distance, DType, Rung
from paragone.workers.sampling import sampled

Array = np.ndarray[Any, Any]
Draws = Mapping[str, Array]
SAMPLE = 20_000
"""Elements of a tensor that are compared."""
_ENOUGH_P = 1e-3
_ORTHOGONAL = 1e-4
"""How far from orthogonal a matrix may be that was made so in float32."""


def pooled(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The draws of every tensor over all builds, flat; `arrays` are named `build/tensor`. Of large ones a sample."""
    found: dict[str, list[Array]] = {}
    for key, array in sorted(arrays.items()):
        found.setdefault(key.partition("/")[2], []).append(sampled(array, SAMPLE))
    return {name: np.concatenate(found[name]) for name in sorted(found)}


def initialisation_rung(a: Draws, b: Draws, shapes: Mapping[str, tuple[int, ...]], dtype: DType) -> Rung:
    """Whether both sides draw every tensor from the same distribution (two-sample Kolmogorov-Smirnov test).

    The distribution of single elements is compared, and whether matrices are orthogonal; no other dependence between
    elements is. `max_rel` of a tensor is the statistic of the test.
    """
    rows = []
    limit = INITIALISATION_P / max(1, len(a))
    different = False
    for name in a:
        statistic, p_value = compare_draws(a[name], b[name], shapes.get(name, ()))
        different |= p_value < limit
        rows.append((p_value, Distance(tensor=name, max_rel=statistic, a=float(a[name].std()), b=float(b[name].std()))))
    rows.sort(key=lambda row: (row[0], -row[1].max_rel))
    worst = rows[0][1]
    return Rung(
        name="initialisation",
        dtype=dtype,
        verdict="different" if different else "same",
        max_rel=worst.max_rel,
        tolerance=limit,
        where=worst.tensor if different else "",
        detail="; ".join(_described(name, a, b, shapes, limit) for name in a),
        distances=tuple(distance for _, distance in rows),
    )


def compare_draws(a: Array, b: Array, shape: tuple[int, ...] = ()) -> tuple[float, float]:
    """Statistic and p-value. A constant is no draw: one that is equal is the same, and anything else is another law.

    Orthogonal matrices are drawn from another law than others, whatever their elements look like.

    The few elements of a short bias would not tell a constant from a law around it by the test. Keras and Flax draw in
    float32 in every precision, PyTorch in that of the model: 0.1 is another number then. So draws are compared as
    float32, in which they are the same.
    """
    from scipy.stats import ks_2samp

    a, b = a.astype(np.float32), b.astype(np.float32)
    constant = np.ptp(a) == 0, np.ptp(b) == 0
    if any(constant):
        same = all(constant) and bool(a[0] == b[0])
        return (0.0, 1.0) if same else (1.0, 0.0)
    if (gain(a, shape) > 0.0) != (gain(b, shape) > 0.0):
        return 1.0, 0.0
    result = ks_2samp(_thinned(a), _thinned(b), method="asymp")
    return float(result.statistic), float(result.pvalue)


def gain(draws: Array, shape: tuple[int, ...]) -> float:
    """The factor of orthogonal matrices, all of whose shorter rows or columns stand on each other; 0 for others.

    Args:
        draws: all builds of a tensor, flat; of a large tensor a sample, which shows nothing.
        shape: of the tensor; all axes but the last are one.
    """
    size = int(np.prod(shape))
    if len(shape) < 2 or min(size // shape[-1], shape[-1]) < 2 or draws.size % size:
        return 0.0
    matrices = draws.astype(np.float64).reshape(-1, size // shape[-1], shape[-1])
    wide = matrices.shape[1] <= matrices.shape[2]
    products = matrices @ matrices.swapaxes(1, 2) if wide else matrices.swapaxes(1, 2) @ matrices
    square = float(products.trace(axis1=1, axis2=2).mean() / products.shape[-1])
    exact = np.abs(products - square * np.eye(products.shape[-1])).max() <= _ORTHOGONAL * square
    return float(np.sqrt(square)) if exact else 0.0


def differing(a: Draws, b: Draws, shapes: Mapping[str, tuple[int, ...]] = MappingProxyType({})) -> list[str]:
    """The tensors that are drawn from different distributions."""
    limit = INITIALISATION_P / max(1, len(a))
    return [name for name in a if compare_draws(a[name], b[name], shapes.get(name, ()))[1] < limit]


def named_distribution(name: str, draws: Array, shapes: Mapping[str, tuple[int, ...]]) -> str:
    """The likeliest of the usual initialisers with its scale, if it fits the draws; else mean and standard deviation.

    A vector is measured by the fan in of its layer's kernel, which is what PyTorch scales a bias by.
    """
    from scipy.stats import kstest

    if np.ptp(draws) == 0:
        return f"constant {draws[0]:g}"
    if factor := gain(draws, shapes[name]):
        return "orthogonal" if abs(factor - 1.0) < _ORTHOGONAL else f"orthogonal, gain {factor:.3g}"
    sample = _thinned(draws)
    with np.errstate(divide="ignore"):  # a draw that a law cannot give has the logarithm of zero
        label, law = max(_laws(*fans(name, shapes)), key=lambda item: float(item[1].logpdf(sample).sum()))
    if kstest(sample, law.cdf).pvalue > _ENOUGH_P:
        return label
    return f"mean {draws.mean():.3g}, standard deviation {draws.std():.3g}"


def fans(name: str, shapes: Mapping[str, tuple[int, ...]]) -> tuple[int, int]:
    """Fan in and fan out of the kernel (…, in, out) that a tensor is or belongs to.

    Behind a bias of several axes, as of heads, are outputs of as many axes, which are one here.
    """
    layer = name.partition("/")[0]
    shapes = {other: shape for other, shape in shapes.items() if other.startswith(f"{layer}/")}
    for bias, outputs in shapes.items():
        kernel = bias.replace("bias", "kernel")
        whole = shapes.get(kernel, ()) if name in {kernel, bias} else ()
        if 1 < len(outputs) < len(whole) and whole[-len(outputs) :] == outputs:
            return int(np.prod(whole[: -len(outputs)])), int(np.prod(outputs))
    kernels = [shape for shape in shapes.values() if len(shape) > 1]
    own = shapes[name] or (1,)
    shape = own if len(own) > 1 else (kernels or [own * 2])[0]
    spatial = int(np.prod(shape[:-2]))
    return spatial * shape[-2], spatial * shape[-1]


def _laws(fan_in: int, fan_out: int) -> list[tuple[str, Any]]:
    """Candidate laws of a layer, by name."""
    from scipy.stats import norm, truncnorm, uniform

    def flat(bound: float) -> Any:
        return uniform(-bound, 2 * bound)

    def cut(variance: float) -> Any:
        return truncnorm(-2, 2, scale=np.sqrt(variance) / 0.87962566103423978)

    return [
        (f"Glorot uniform, ±{np.sqrt(6 / (fan_in + fan_out)):.3g}", flat(np.sqrt(6 / (fan_in + fan_out)))),
        (f"uniform ±1/sqrt(fan in) = ±{fan_in**-0.5:.3g}", flat(fan_in**-0.5)),
        (f"He uniform, ±{np.sqrt(6 / fan_in):.3g}", flat(np.sqrt(6 / fan_in))),
        (f"LeCun uniform, ±{np.sqrt(3 / fan_in):.3g}", flat(np.sqrt(3 / fan_in))),
        ("uniform ±0.05", flat(0.05)),
        (f"LeCun normal, standard deviation {fan_in**-0.5:.3g}", cut(1 / fan_in)),
        (f"Glorot normal, standard deviation {np.sqrt(2 / (fan_in + fan_out)):.3g}", cut(2 / (fan_in + fan_out))),
        (f"He normal, standard deviation {np.sqrt(2 / fan_in):.3g}", cut(2 / fan_in)),
        ("normal, standard deviation 1", norm(0, 1)),
        ("normal, standard deviation 0.02", norm(0, 0.02)),
    ]


def _thinned(draws: Array) -> Array:
    step = max(1, draws.size // SAMPLE)
    return draws[::step].astype(np.float64)


def _described(name: str, a: Draws, b: Draws, shapes: Mapping[str, tuple[int, ...]], limit: float) -> str:
    if compare_draws(a[name], b[name], shapes.get(name, ()))[1] >= limit:
        return f"{name}: same"
    return f"{name}: {named_distribution(name, a[name], shapes)} against {named_distribution(name, b[name], shapes)}"
