"""What several losses have in common: which arrays fit, how they are lined up, weights of classes."""

from __future__ import annotations

from typing import Any

from paragone.losses.base import LossSite, LossSpelled
from paragone.spelling.code import Code, construct, literal
from paragone.spelling.entry import Options, Positive, UnfitError
from paragone.spelling.spelled import Helper, Note
from paragone.task.tensor import Tensor

ClassWeights = tuple[Positive, ...]
"""One positive number for each class."""


class Weighted(Options):
    """A loss whose classes may have weights: the weighted sum over the sum of the targets' weights.

    That is what PyTorch does (torch/nn/modules/loss.py, CrossEntropyLoss, 2.13) and what Keras calls
    `mean_with_sample_weight`; Keras' `class_weight=` of `fit` divides by the number of samples (row D5).
    """

    class_weights: ClassWeights | None = None


WEIGHTED = Note("D5", "the weighted sum is divided by the sum of the weights, as in PyTorch")


def check_elements(_options: Any, output: Tensor, target: Tensor) -> None:
    """A target for every number of the output; an output's last axis of size 1 may be missing in the target."""
    if output.kind != "float" or target.shape not in {output.shape, _squeezed(output)}:
        raise UnfitError(f"a target of the output's shape {output.words()}", target.words())


def check_vectors(options: Any, output: Tensor, target: Tensor) -> None:
    """A target of floating numbers for every number of the output, which has a last axis."""
    check_elements(options, output, target)
    if target.shape != output.shape or not output.shape or target.kind != "float":
        raise UnfitError(f"a target of the output's shape {output.words()}, with a class axis", target.words())


def check_classes(options: Any, output: Tensor, target: Tensor) -> None:
    """Class numbers for an output whose last axis has one number for each class; as many weights as classes."""
    if target.kind != "int" or output.shape[:-1] != target.shape or not output.shape:
        wanted = Tensor(output.shape[:-1], "int").words() if output.shape else "one with a class axis"
        raise UnfitError(f"a target {wanted} for an output {output.words()}", target.words())
    check_weights(options, output.shape[-1])


def check_weights(options: Any, n_classes: int) -> None:
    """As many weights as classes."""
    weights = getattr(options, "class_weights", None)
    if weights is not None and len(weights) != n_classes:
        raise UnfitError(f"{n_classes} weights, one for each class", f"{len(weights)}", "class_weights")


def _squeezed(tensor: Tensor) -> tuple[int, ...]:
    return tensor.shape[:-1] if tensor.shape[-1:] == (1,) else tensor.shape


def values_mean(site: LossSite, values: str, *, whole: bool = False) -> str:
    """The mean of a term's values in PyTorch and JAX, each times the weight of its sample where there is one.

    Args:
        site: the term.
        values: an array as an expression that binds tightly.
        whole: it has a value for every number of the output, not only for every position.
    """
    if site.weight is None:
        return f"{values}.mean()"
    shape = site.target.shape if whole else site.output.shape[:-1]
    missing = len(shape) - len(site.weight.shape)
    if missing and site.weight.shape:
        index = "[:, None]" if site.layout == "first" else "[..., None]"
    else:
        index = trailing(missing)
    return f"({{weight}}{index} * {values}).mean()"


def trailing(n_axes: int) -> str:
    """The index that gives an array of one number for each sample so many more axes."""
    return f"[:{', None' * n_axes}]" if n_axes else ""


def torch_arrays(site: LossSite) -> tuple[str, str]:
    """Output and target in PyTorch, brought to the same shape (row D13) and type."""
    axis = 1 if site.layout == "first" else -1
    output = "{output}" if site.output.shape == site.target.shape else f"{{output}}.squeeze({axis})"
    target = "{target}" if site.target.kind == "float" else "{target}.type_as({output})"
    return output, target


def torch_loss(site: LossSite, function: str, module: str, **kwargs: Any) -> LossSpelled:
    """A function of `torch.nn.functional` and, where the arrays fit as they are, the module of the same meaning."""
    arrays = torch_arrays(site)
    if site.weight is not None:
        values = construct(function, *map(Code, arrays), **kwargs, reduction="none").code()
        return LossSpelled(values_mean(site, values, whole=True))
    expression = construct(function, *map(Code, arrays), **kwargs).code()
    made = construct(module, **kwargs) if arrays == ("{output}", "{target}") else None
    return LossSpelled(expression, made)


def torch_helped(site: LossSite, helper: Helper, *args: Any) -> LossSpelled:
    """A helper of output, target and options that gives a value for every number, in PyTorch."""
    given = [*torch_arrays(site), *map(literal, args)]
    return LossSpelled(values_mean(site, f"{helper.name}({', '.join(given)})", whole=True), helpers=(helper,))


def jax_output(site: LossSite) -> str:
    """The output in JAX, brought to the target's shape (row D13)."""
    return "{output}" if site.output.shape == site.target.shape else "{output}.squeeze(-1)"


def jax_helped(site: LossSite, helper: Helper, *args: Any) -> LossSpelled:
    """A helper of output, target and options that gives a value for every number, in JAX."""
    given = [jax_output(site), "{target}", *map(literal, args)]
    return LossSpelled(values_mean(site, f"{helper.name}({', '.join(given)})", whole=True), helpers=(helper,))


def class_axis(site: LossSite) -> int:
    """Where PyTorch's output has its class axis."""
    return 1 if site.layout == "first" and len(site.output.shape) > 1 else -1
