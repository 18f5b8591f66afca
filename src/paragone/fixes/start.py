"""The change of a starting distribution: an initialiser in the constructor, or a statement after the model (PyTorch).

The laws are those that `paragone.prove.initialisation` names. A normal law there is one that is cut off at two standard
deviations and divided by 0.87962566103423978, as Keras and JAX draw it (jax/_src/nn/initializers.py, 0.10;
keras/src/initializers/random_initializers.py, 3.15).
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from paragone.fixes.draft import UnfixableError
from paragone.fixes.side import SideCode
from paragone.layers import layer_kinds
from paragone.spelling.code import number

_CUT = 0.87962566103423978
_NUMBER = re.compile(r"-?\d[\d.]*(?:e[+-]?\d+)?$")


@dataclass(frozen=True)
class StartTensor:
    """A tensor that is to be drawn from a law.

    Args:
        tensor: its canonical name.
        law: as `named_distribution` says it: `Glorot uniform, ±0.0841`.
        fan_in: of the kernel that it is or belongs to.
        fan_out: of that kernel.
        axes: how many it has.
    """

    tensor: str
    law: str
    fan_in: int
    fan_out: int
    axes: int

    @property
    def layer(self) -> str:
        """Name of its layer."""
        return self.tensor.partition("/")[0]

    @property
    def role(self) -> str:
        """What it is, without its layout: `kernel`."""
        return self.tensor.partition("/")[2].partition("_")[0]

    @property
    def name(self) -> str:
        """The law without its numbers."""
        text = self.law.partition(",")[0].partition(" = ")[0]
        return text if text.endswith("(fan in)") else _NUMBER.sub("", text).strip(" ±")

    @property
    def number(self) -> float:
        """The last number of the law."""
        return float(self.law.rpartition(" ")[2].lstrip("±"))


_NAMED: Mapping[str, tuple[str, str]] = {
    "Glorot uniform": ("glorot_uniform", "xavier_uniform_({t})"),
    "Glorot normal": ("glorot_normal", ""),
    "He uniform": ("he_uniform", 'kaiming_uniform_({t}, nonlinearity="relu")'),
    "He normal": ("he_normal", ""),
    "LeCun uniform": ("lecun_uniform", 'kaiming_uniform_({t}, nonlinearity="linear")'),
    "LeCun normal": ("lecun_normal", ""),
    "uniform ±1/sqrt(fan in)": ("", "kaiming_uniform_({t}, a=5**0.5)"),
}
"""The usual laws that depend on the fans: Keras' and Flax' name for each, and PyTorch's call."""
_KEYWORDS: Mapping[str, Mapping[str, str]] = {
    "tensorflow": {
        "kernel": "kernel_initializer",
        "bias": "bias_initializer",
        "table": "embeddings_initializer",
        "scale": "gamma_initializer",
        "offset": "beta_initializer",
    },
    "jax": {
        "kernel": "kernel_init",
        "bias": "bias_init",
        "table": "embedding_init",
        "scale": "scale_init",
        "offset": "bias_init",
    },
}


_KERAS_SIZED: Mapping[str, str] = {
    "uniform": ".RandomUniform(-{0}, {0})",
    "normal": ".RandomNormal(stddev={0})",
    "cut normal": ".TruncatedNormal(stddev={0})",
}


def change_start(side: SideCode, tensors: Sequence[StartTensor]) -> None:
    """Draw these tensors from these laws.

    Raises:
        UnfixableError: a law has no short form, or the place where it is to be said cannot be seen.
    """
    if side.framework == "torch":
        _after_model(side, tensors)
        return
    if side.framework not in _KEYWORDS:
        raise UnfixableError("initialisers of this framework are not known")
    for one in tensors:
        keyword = _KEYWORDS[side.framework].get(one.role)
        if keyword is None:
            raise UnfixableError(f"{one.tensor} has no initialiser of its own")
        for call in side.layer(one.layer):
            text = _keras(side, one, call.node) if side.framework == "tensorflow" else _flax(side, one, call.node)
            if call.arguments.get(keyword, text) != text:
                raise UnfixableError("one line makes layers that are to start in different ways")
            call.set(side.source, keyword, text)


def _fitting(one: StartTensor) -> tuple[str, str] | None:
    """The law by its names, where the framework counts the fans of this tensor as we do."""
    plain = one.layer.rpartition("_")[0] in {"dense", "conv"} or one.axes == 2
    return _NAMED[one.name] if one.name in _NAMED and plain and one.axes > 1 else None


def _keras(side: SideCode, one: StartTensor, node: ast.expr) -> str:
    fitting = _fitting(one)
    if fitting and fitting[0]:
        return f'"{fitting[0]}"'
    if one.name == "constant" and one.number in {0.0, 1.0}:
        return '"ones"' if one.number else '"zeros"'
    initializers = f"{side.keras(node)}.initializers"
    if fitting:
        return f'{initializers}.VarianceScaling(1 / 3, "fan_in", "uniform")'
    if one.name == "constant":
        return f"{initializers}.Constant({number(one.number)})"
    kind, size = _size(one)
    return initializers + _KERAS_SIZED[kind].format(size)


def _flax(side: SideCode, one: StartTensor, node: ast.expr) -> str:
    statement = side.source.statement(node)
    nnx = side.draft.module(("flax.nnx",), "nnx", "from flax import nnx", statement)
    fitting = _fitting(one)
    if fitting and fitting[0]:
        return f"{nnx}.initializers.{fitting[0]}()"
    if fitting:
        return f'{nnx}.initializers.variance_scaling(1 / 3, "fan_in", "uniform")'
    if one.name == "constant":
        exact = {0.0: "zeros_init()", 1.0: "ones_init()"}.get(one.number, f"constant({number(one.number)})")
        return f"{nnx}.initializers.{exact}"
    kind, size = _size(one)
    if kind == "normal":
        return f"{nnx}.initializers.normal({size})"
    if kind == "cut normal":
        return f"{nnx}.initializers.truncated_normal({size})"
    jax = side.draft.module(("jax",), "jax", "import jax", statement)
    return f"lambda key, shape, dtype: {jax}.random.uniform(key, shape, dtype, -{size}, {size})"


def _size(one: StartTensor) -> tuple[str, str]:
    """A law in numbers: its kind, and its bound or its standard deviation (before it is cut off)."""
    i, o = one.fan_in, one.fan_out
    bounds = {
        "uniform ±1/sqrt(fan in)": f"({i}**-0.5)",
        "Glorot uniform": f"(6 / {i + o}) ** 0.5",
        "He uniform": f"(6 / {i}) ** 0.5",
        "LeCun uniform": f"(3 / {i}) ** 0.5",
    }
    deviations = {"Glorot normal": 2 / (i + o), "He normal": 2 / i, "LeCun normal": 1 / i}
    if one.name in bounds:
        return "uniform", bounds[one.name]
    if one.name in deviations:
        return "cut normal", number(math.sqrt(deviations[one.name]) / _CUT)
    if one.name in {"uniform", "normal"}:
        return one.name, number(one.number)
    raise UnfixableError(f"the law of {one.tensor} ({one.law}) has no short form")


# ---------------------------------------------------------------------- PyTorch


def _after_model(side: SideCode, tensors: Sequence[StartTensor]) -> None:
    """Statements before that of the optimizer, when the model and all that the file does to it stand."""
    model, anchor = _anchor(side)
    lines: dict[str, list[str]] = {}
    for one in tensors:
        lines.setdefault(_torch(side, one, anchor), []).append(_path(side, one, model))
    text = []
    for line, paths in lines.items():
        if len(paths) == 1:
            text.append(line.replace("layer.", f"{paths[0]}."))
        else:
            text.append(f"for layer in ({', '.join(paths)}):\n    {line}")
    side.draft.statement_before(anchor, "\n".join(text))


def _torch(side: SideCode, one: StartTensor, anchor: ast.stmt) -> str:
    init, tensor = f"{side.torch_nn(anchor)}.init", f"layer.{_attribute(side, one)}"
    fitting = _fitting(one)
    if fitting and fitting[1]:
        return f"{init}.{fitting[1].format(t=tensor)}"
    if one.name == "constant":
        exact = {0.0: f"zeros_({tensor})", 1.0: f"ones_({tensor})"}
        return f"{init}.{exact.get(one.number, f'constant_({tensor}, {number(one.number)})')}"
    kind, size = _size(one)
    if kind == "uniform":
        return f"{init}.uniform_({tensor}, -{size}, {size})"
    if kind == "normal":
        return f"{init}.normal_({tensor}, std={size})"
    cut = number(2 * float(size))
    return f"{init}.trunc_normal_({tensor}, std={size}, a=-{cut}, b={cut})"


def _attribute(side: SideCode, one: StartTensor) -> str:
    row = side.row(one.layer)
    kinds = layer_kinds()
    spelling = kinds[row["kind"]].spellings.get("torch") if row["kind"] in kinds else None
    role = one.tensor.partition("/")[2]
    found = next((w.attribute for w in spelling.weights if w.role == role), "") if spelling else ""
    if found not in {"weight", "bias"}:
        raise UnfixableError(f"{one.tensor} is a part of a larger tensor")
    return found


def _path(side: SideCode, one: StartTensor, model: str) -> str:
    """`model[0]` or `model.encoder.layer`."""
    path = side.subject.said.get("code", {}).get("paths", {}).get(one.layer)
    if path is None:
        raise UnfixableError(f"where {one.layer} is in the model is not known")
    parts = [part for part in path.split(".") if part]
    return model + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parts)


def _anchor(side: SideCode) -> tuple[str, ast.stmt]:
    """The model's name, and the statement of the module before which it can be given other weights."""
    model = str(side.subject.said.get("code", {}).get("model", ""))
    body = side.source.tree.body
    made = [statement for statement in body if model in _assigned(statement)]
    if not made:
        raise UnfixableError("the model is not made by a statement of the module")
    line = next((t.line for t in side.subject.traits if t.where == "optimizer" and t.line), 0)
    later = [s for s in body if s.lineno > made[-1].lineno]
    optimizer = [s for s in later if s.lineno <= (line or 0) <= (s.end_lineno or s.lineno)]
    if not later:
        raise UnfixableError("nothing stands after the model")
    return model, (optimizer or later)[0]


def _assigned(statement: ast.stmt) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
