"""Helpers that the binary cross-entropy brings where a framework has nothing that computes the same.

All of them give values whose mean is Σ w · loss / Σ w, with w the weight of zeros and ones. A helper's text is made of
the features that are asked for; its name tells them, so that two terms of one loss may bring two of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from paragone.spelling.spelled import Helper, Note


@dataclass(frozen=True)
class Features:
    """What a binary cross-entropy is asked for.

    Args:
        probabilities: outputs are probabilities.
        smoothed: targets are smoothed.
        weighted: zeros and ones have weights.
    """

    probabilities: bool = False
    smoothed: bool = False
    weighted: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """For the helper's name."""
        told = {"weighted": self.weighted, "smoothed": self.smoothed, "probability": self.probabilities}
        return (*(word for word, said in told.items() if said), "binary", "crossentropy")

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the helper's options."""
        told = {"weights": self.weighted, "smoothing": self.smoothed}
        return tuple(name for name, said in told.items() if said)

    def note(self) -> Note:
        """Why the helper is there."""
        if self.weighted:
            return Note("D5", "weights of zeros and ones; the weighted sum is divided by the sum of the weights")
        return Note("D2", "probabilities as they are, clipped to [1e-7, 1 - 1e-7]: not turned back into logits")

    def title(self) -> str:
        """The docstring."""
        of = " of probabilities" if self.probabilities else ""
        smooth = " with smoothed targets" if self.smoothed else ""
        return f"Binary cross-entropy{of}{smooth}{', weighted by the target' if self.weighted else ''}."


def _body(f: Features, target: str, loss: str, clip: str, numpy: str, own: str = "") -> list[str]:
    lines = [f"smooth = {target} * (1.0 - {own}smoothing) + 0.5 * {own}smoothing"] if f.smoothed else []
    wanted = "smooth" if f.smoothed else target
    if f.probabilities:
        lines += [f"p = {clip}", f"losses = -({wanted} * {numpy}.log(p) + (1.0 - {wanted}) * {numpy}.log(1.0 - p))"]
    else:
        lines.append(f"losses = {loss.format(wanted)}")
    if not f.weighted:
        return [*lines, "return losses"]
    lines += [f"zero, one = {own}weights", f"weight = one * {target} + zero * (1.0 - {target})"]
    return [*lines, f"return weight * losses / {numpy}.mean(weight)"]


def keras_binary(f: Features) -> Helper:
    """A `keras.losses.Loss`; as all of Keras' own, it gives the mean over the last axis."""
    loss = "ops.binary_crossentropy({}, y_pred, from_logits=True)"
    body = _body(f, "y_true", loss, "ops.clip(y_pred, 1e-7, 1.0 - 1e-7)", "ops", "self.")
    name = "".join(word.capitalize() for word in f.words)
    text = [f"class {name}(keras.losses.Loss):", f'    """{f.title()}"""', ""]
    if f.parameters:
        text += [f"    def __init__(self, {', '.join(f.parameters)}):", "        super().__init__()"]
        text += [f"        self.{parameter} = {parameter}" for parameter in f.parameters] + [""]
    body = ["y_true = ops.reshape(y_true, ops.shape(y_pred))", *body]
    body[-1] = f"return ops.mean({body[-1].removeprefix('return ')}, axis=-1)"
    text += ["    def call(self, y_true, y_pred):", *(f"        {line}" for line in body)]
    return Helper(name, "\n".join(text), f.note())


def torch_binary(f: Features) -> Helper:
    """A function of output, target and options."""
    loss = 'F.binary_cross_entropy_with_logits(output, {}, reduction="none")'
    return _function(f, "torch.Tensor", _body(f, "target", loss, "output.clamp(1e-7, 1.0 - 1e-7)", "torch"))


def jax_binary(f: Features) -> Helper:
    """A function of output, target and options."""
    loss = "optax.sigmoid_binary_cross_entropy(output, {})"
    return _function(f, "jax.Array", _body(f, "target", loss, "output.clip(1e-7, 1.0 - 1e-7)", "jnp"))


_TYPES = {"weights": "tuple[float, float]", "smoothing": "float"}


def _function(f: Features, array: str, body: list[str]) -> Helper:
    name = "_".join(f.words)
    given = "".join(f", {parameter}: {_TYPES[parameter]}" for parameter in f.parameters)
    head = f"def {name}(output: {array}, target: {array}{given}) -> {array}:"
    return Helper(name, "\n".join([head, f'    """{f.title()}"""', *(f"    {line}" for line in body)]), f.note())
