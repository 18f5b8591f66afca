"""Helpers that the cross-entropies over classes bring where a framework has nothing that computes the same.

All of them give values whose mean is Σ w · y' · -log p / Σ w · y: y' is the smoothed target, w the weight of each
class. A helper's text is made of the features that are asked for; its name tells them, so that two terms of one loss
may bring two of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from paragone.spelling.spelled import Helper, Note

LEAST = "1e-7"
"""The least probability, as in Keras."""


@dataclass(frozen=True)
class Features:
    """What a cross-entropy is asked for.

    Args:
        sparse: targets are class numbers.
        probabilities: outputs are probabilities.
        smoothed: targets are smoothed.
        weighted: classes have weights.
        masked: targets of one number do not count (sparse alone).
    """

    sparse: bool
    probabilities: bool = False
    smoothed: bool = False
    weighted: bool = False
    masked: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """For the helper's name."""
        told = {
            "masked": self.masked,
            "weighted": self.weighted,
            "smoothed": self.smoothed,
            "sparse": self.sparse,
            "probability": self.probabilities,
        }
        return (*(word for word, said in told.items() if said), "crossentropy")

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the helper's options."""
        told = {"weights": self.weighted, "smoothing": self.smoothed, "ignored": self.masked}
        return tuple(name for name, said in told.items() if said)

    def note(self) -> Note:
        """Why the helper is there."""
        if self.weighted:
            return Note("D5", "weights of classes; the weighted sum is divided by the sum of the weights")
        if self.probabilities:
            return Note("D3", "probabilities as they are, at least 1e-7: not turned back into logits, not rescaled")
        if self.masked:
            return Note("D6", "the mean over the targets that count")
        if self.smoothed and self.sparse:
            return Note("D7", "class numbers with smoothing")
        return Note("D18", "the gradient of TensorFlow's own takes targets for granted that add up to 1")


def _lines(f: Features, logs: str, one_hot: str) -> list[str]:
    """The body that NumPy-like frameworks share; `{np}` is their module."""
    classes = "classes" if f.sparse else "{target}"
    weights = "weight * " if f.weighted else ""
    lines = [f"classes = {one_hot}"] if f.sparse else []
    lines += ["weight = {weights}"] if f.weighted else []
    lines += ["counted = {counted}"] if f.masked else []
    lines += [f"smooth = {classes} * (1.0 - {{smoothing}}) + {{smoothing}} / {classes}.shape[-1]"] if f.smoothed else []
    losses = f"-{{np}}.sum({weights}{'smooth' if f.smoothed else classes} * {logs}, axis=-1)"
    if not (f.masked or f.weighted):
        return [*lines, f"return {losses}"]
    share = f"{{np}}.sum(weight * {classes}, axis=-1)" if f.weighted else ""
    lines.append(f"losses = {losses}")
    lines += [f"share = {'counted * ' if f.masked else ''}{share}"] if f.weighted else []
    total = "counted * losses" if f.masked else "losses"
    return [*lines, f"return {total} / {{np}}.mean({'share' if f.weighted else 'counted'})"]


_FORMULA = "Cross-entropy{of}{smooth}{mean}."


def _title(f: Features) -> str:
    of = " of probabilities" if f.probabilities else ""
    smooth = " with smoothed targets" if f.smoothed else ""
    mean = ", over the targets that count" if f.masked else ""
    mean = ", weighted by the target's class" + mean if f.weighted else mean
    return _FORMULA.format(of=of, smooth=smooth, mean=mean)


def keras_crossentropy(f: Features) -> Helper:
    """A `keras.losses.Loss`."""
    logs = f"ops.log(ops.maximum(y_pred, {LEAST}))" if f.probabilities else "ops.log_softmax(y_pred)"
    one_hot = 'ops.one_hot(ops.cast(y_true, "int32"), y_pred.shape[-1], dtype=y_pred.dtype)'
    fill = {
        "np": "ops",
        "target": "y_true",
        "smoothing": "self.smoothing",
        "weights": "ops.convert_to_tensor(self.weights, dtype=y_pred.dtype)",
        "counted": "ops.cast(y_true != self.ignored, y_pred.dtype)",
    }
    body = [line.format(**fill) for line in _lines(f, logs, one_hot)]
    name = "".join(word.capitalize() for word in f.words)
    text = [f"class {name}(keras.losses.Loss):", f'    """{_title(f)}"""', ""]
    if f.parameters:
        text += [f"    def __init__(self, {', '.join(f.parameters)}):", "        super().__init__()"]
        text += [f"        self.{parameter} = {parameter}" for parameter in f.parameters] + [""]
    text += ["    def call(self, y_true, y_pred):", *(f"        {line}" for line in body)]
    return Helper(name, "\n".join(text), f.note())


def jax_crossentropy(f: Features) -> Helper:
    """A function of output, target and options."""
    logs = f"jnp.log(jnp.maximum(output, {LEAST}))" if f.probabilities else "jax.nn.log_softmax(output)"
    fill = {
        "np": "jnp",
        "target": "target",
        "smoothing": "smoothing",
        "weights": "jnp.asarray(weights)",
        "counted": "(target != ignored).astype(output.dtype)",
    }
    one_hot = "jax.nn.one_hot(target, output.shape[-1], dtype=output.dtype)"
    body = [line.format(**fill) for line in _lines(f, logs, one_hot)]
    return _function("_".join(f.words), f, "jax.Array", body)


def torch_crossentropy(f: Features) -> Helper:
    """A function of output, target and options; the class axis is the last where targets are no class numbers."""
    if f.sparse:
        return _torch_sparse(f)
    logs = f"output.clamp(min={LEAST}).log()" if f.probabilities else "output.log_softmax(-1)"
    weight = "weight * " if f.weighted else ""
    body = ["weight = torch.tensor(weights)"] if f.weighted else []
    body += ["smooth = target * (1.0 - smoothing) + smoothing / target.shape[-1]"] if f.smoothed else []
    losses = f"-({weight}{'smooth' if f.smoothed else 'target'} * {logs}).sum(-1)"
    body.append(f"return {losses} / (weight * target).sum(-1).mean()" if f.weighted else f"return {losses}")
    return _function("_".join(f.words), f, "torch.Tensor", body)


def _torch_sparse(f: Features) -> Helper:
    """The same for class numbers, with PyTorch's own cross-entropy, whose class axis is behind the batch axis."""
    options = {"weight=weight": f.weighted, "ignore_index=ignored": f.masked, "label_smoothing=smoothing": f.smoothed}
    given = "".join(f", {option}" for option, said in options.items() if said)
    call = f"F.nll_loss(output.clamp(min={LEAST}).log().contiguous()" if f.probabilities else "F.cross_entropy(output"
    body = ["weight = torch.tensor(weights)"] if f.weighted else []
    body += [f'losses = {call}, target{given}, reduction="none")']
    body += ["counted = target != ignored"] if f.masked else []
    share = "weight[target.where(counted, 0)]" if f.masked else "weight[target]"
    body += [f"share = {'counted * ' if f.masked else ''}{share}"] if f.weighted else []
    body += ["share = counted.to(losses.dtype)"] if f.masked and not f.weighted else []
    body.append("return losses / share.mean()" if f.masked or f.weighted else "return losses")
    return _function("_".join(f.words), f, "torch.Tensor", body)


_TYPES = {"weights": "tuple[float, ...]", "smoothing": "float", "ignored": "int"}


def _function(name: str, f: Features, array: str, body: list[str]) -> Helper:
    given = "".join(f", {parameter}: {_TYPES[parameter]}" for parameter in f.parameters)
    head = f"def {name}(output: {array}, target: {array}{given}) -> {array}:"
    text = [head, f'    """{_title(f)}"""', *(f"    {line}" for line in body)]
    return Helper(name, "\n".join(text), f.note())
