"""Plays one pass of a JAX side for its tape: the model is traced once, and its jaxpr evaluated equation by equation.

Functions that were jitted inside, and those with a derivative of their own, are taken apart; loops (`scan`, `while`)
are one operation. A value is freed after its last use.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax._src import source_info_util
from jax.extend.core import Literal, Primitive
from jax.interpreters import ad, batching

from paragone.frameworks.base import Array, Batch
from paragone.frameworks.found import names_of
from paragone.frameworks.jax.linen.model import LinenModel
from paragone.frameworks.jax.trees.model import TreeModel
from paragone.frameworks.jax.worker import JaxSide
from paragone.workers.tape import CONSTANT, INPUT, ROOT, WEIGHT, Recorder

_INSIDE = ("jaxpr", "call_jaxpr", "fun_jaxpr")
_OPENED = {
    *("jit", "pjit", "closed_call", "core_call", "remat", "remat2", "checkpoint"),
    *("custom_jvp_call", "custom_vjp_call", "custom_vjp_call_jaxpr"),
}
_CALL = re.compile(r"paragone_call_(\d+)")

_mark = Primitive("paragone_mark")
"""The identity: marks what a module was given and what it gave."""
_mark.def_impl(lambda x, **_: x)
_mark.def_abstract_eval(lambda x, **_: x)
ad.deflinear2(_mark, lambda cotangent, _x, **_: [cotangent])
batching.primitive_batchers[_mark] = lambda args, axes, **params: (_mark.bind(*args, **params), axes[0])


def play(side: JaxSide, batch: Batch, mode: str, recorder: Recorder) -> None:
    """Run the model in evaluation mode (`forward`), or the training loss (`loss`), and record every value."""
    model = side.found.model
    if mode == "loss":
        model.train()
    else:
        model.eval()
    graph, state = nnx.split(model)
    model.train()
    traced = _Traced(side, recorder)

    def run(state: Any, x: Any, y: Any) -> Any:
        again = nnx.merge(graph, state)
        with traced.calls(again):
            if mode == "loss":
                with traced.inside("loss", "loss", "", 0):
                    return side.loss_function(again, x[0] if len(x) == 1 else x, y)
            return again(*x)

    given = (state, list(batch.x), batch.y)
    closed = jax.make_jaxpr(run)(*given)
    leaves = jax.tree_util.tree_leaves_with_path(given)
    _Played(str(side.path), recorder).whole(closed, [(_kind(path), value) for path, value in leaves])


def run(side: JaxSide, batch: Batch) -> None:
    """The model in evaluation mode, eagerly."""
    side.found.model.eval()
    try:
        side.found.model(*batch.x)
    finally:
        side.found.model.train()


def modules(side: JaxSide) -> dict[str, Any]:
    """The modules of the model by their paths; the one that holds a tree for us is not in the file."""
    modules = nnx.iter_modules(side.found.model)
    return {_dotted(path): module for path, module in modules if not isinstance(module, TreeModel)}


def state(module: Any) -> dict[str, Array]:
    """Parameters and running statistics of a module."""
    flat = nnx.to_flat_state(nnx.state(module, (nnx.Param, nnx.BatchStat)))
    return {_dotted(path): np.asarray(variable[...]) for path, variable in flat}


def is_tensor(value: Any) -> bool:
    """Whether it is a value of the framework."""
    return isinstance(value, jax.Array)


def leaves(tree: Any) -> list[Any]:
    """The arrays of a structure."""
    return [leaf for leaf in jax.tree.leaves(tree) if isinstance(leaf, jax.Array)]


def array(tensor: Any) -> Array:
    """An array of JAX as one of NumPy."""
    return _read(tensor)


def _kind(path: Any) -> tuple[str, str]:
    number, rest = path[0].idx, path[1:]
    if number == 0:
        return WEIGHT, ".".join(str(getattr(key, "key", getattr(key, "idx", key))) for key in rest)
    return INPUT, f"x{rest[0].idx}" if number == 1 else "y"


class _Traced:
    """Marks the calls of modules while the model is traced."""

    def __init__(self, side: JaxSide, recorder: Recorder):
        self._recorder = recorder
        self._stack = [ROOT]
        paths = {_dotted(path): module for path, module in nnx.iter_modules(side.found.model)}
        names = names_of(side.layers)
        self._layers = {path: names.get(id(module), "") for path, module in paths.items()}
        self._lines = {path: side.lines.get(id(module), 0) for path, module in paths.items()}
        self._paths: dict[int, str] = {}
        self._alive: list[Any] = []

    @contextmanager
    def inside(self, path: str, kind: str, layer: str, line: int) -> Iterator[int]:
        """What is traced here belongs to a call."""
        call = self._recorder.enter(path, kind, layer, line, self._stack[-1])
        self._stack.append(call)
        with jax.named_scope(f"paragone_call_{call}"):
            yield call
        self._stack.pop()

    @contextmanager
    def calls(self, model: Any) -> Iterator[None]:
        """Follow the modules of the model as they are called."""
        modules = dict(nnx.iter_modules(model))
        self._paths = {id(module): _dotted(path) for path, module in modules.items()}
        with ExitStack() as stack:
            for kind in {type(module) for module in modules.values()}:
                if "__call__" in kind.__dict__:
                    stack.enter_context(mock.patch.object(kind, "__call__", self._followed(kind.__call__)))
            yield

    def meet(self, module: Any) -> None:
        """A model that holds other values has the paths of the model that it is a copy of."""
        if isinstance(module, LinenModel) and id(module) not in self._paths:
            self._alive.append(module)
            self._paths |= {id(inner): _dotted(path) for path, inner in nnx.iter_modules(module)}

    def _followed(self, own: Callable[..., Any]) -> Callable[..., Any]:
        traced = self

        def call(module: Any, *args: Any, **kwargs: Any) -> Any:
            traced.meet(module)
            path = traced._paths.get(id(module))
            if path is None:
                return own(module, *args, **kwargs)
            with traced.inside(path, type(module).__name__, traced._layers[path], traced._lines[path]) as number:
                args = jax.tree.map(lambda leaf: _marked(leaf, number, "inputs"), args)
                output = own(module, *args, **kwargs)
                return jax.tree.map(lambda leaf: _marked(leaf, number, "outputs"), output)

        return call


def _marked(leaf: Any, call: int, role: str) -> Any:
    plain = isinstance(leaf, jax.Array) and not jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
    return _mark.bind(leaf, call=call, role=role) if plain else leaf


def _dotted(path: Any) -> str:
    return ".".join(map(str, path))


class _Played:
    """Evaluates a jaxpr and records what every equation gives. A value travels with its number on the tape."""

    def __init__(self, path: str, recorder: Recorder):
        self._path = path
        self._recorder = recorder

    def whole(self, closed: Any, leaves: list[tuple[tuple[str, str], Any]]) -> None:
        """All of a pass."""
        given = [(value, self._recorder.leaf(kind, name, _read(value))) for (kind, name), value in leaves]
        outputs = self.closed(closed, given, ROOT, 0, "")
        self._recorder.outputs = [number for _, number in outputs]

    def closed(self, closed: Any, given: list[Any], call: int, line: int, name: str) -> list[Any]:
        """A jaxpr with or without constants of its own."""
        jaxpr = getattr(closed, "jaxpr", closed)
        constants = [
            (value, self._recorder.leaf(CONSTANT, "", _read(value))) for value in getattr(closed, "consts", [])
        ]
        known = dict(zip(jaxpr.constvars, constants, strict=True)) | dict(zip(jaxpr.invars, given, strict=True))
        uses = Counter(var for eqn in jaxpr.eqns for var in eqn.invars if not isinstance(var, Literal))
        uses.update(var for var in jaxpr.outvars if not isinstance(var, Literal))
        for eqn in jaxpr.eqns:
            values = [self._held(known, var) for var in eqn.invars]
            for var, result in zip(eqn.outvars, self._equation(eqn, values, call, line, name), strict=True):
                if uses[var]:
                    known[var] = result
            for var in eqn.invars:
                if not isinstance(var, Literal):
                    uses[var] -= 1
                    if not uses[var]:
                        known.pop(var, None)
        return [self._held(known, var) for var in jaxpr.outvars]

    def _held(self, known: dict[Any, Any], var: Any) -> Any:
        return (var.val, -1) if isinstance(var, Literal) else known[var]

    def _equation(self, eqn: Any, values: list[Any], call: int, line: int, name: str) -> list[Any]:
        kind = eqn.primitive.name
        if kind == _mark.name:
            return [self._mark(eqn, *values[0])]
        call, line = self._call(eqn, call), line or self._line(eqn)
        inside = next((eqn.params[key] for key in _INSIDE if key in eqn.params), None)
        if kind in _OPENED and inside is not None:
            return self.closed(inside, values, call, line, name or _name(eqn))
        results = eqn.primitive.bind(*(value for value, _ in values), **eqn.primitive.get_bind_params(eqn.params))
        results = results if eqn.primitive.multiple_results else [results]
        parents = [number for _, number in values if number >= 0]
        op = f"{name}/{kind}" if name else kind
        return [(result, self._recorder.value(op, parents, _read(result), call, line)) for result in results]

    def _mark(self, eqn: Any, value: Any, number: int) -> Any:
        """Note what a module was given or gave; what it gave may be replaced."""
        call = self._recorder.calls[eqn.params["call"]]
        if number < 0:
            return value, number
        getattr(call, eqn.params["role"]).append(number)
        if eqn.params["role"] == "outputs" and self._recorder.wanted.given:
            array = self._recorder.replacement(eqn.params["call"], _read(value))
            if array is not None:
                value = jnp.asarray(array)
        return value, number

    @staticmethod
    def _call(eqn: Any, otherwise: int) -> int:
        found = _CALL.findall(str(eqn.source_info.name_stack))
        return int(found[-1]) if found else otherwise

    def _line(self, eqn: Any) -> int:
        """The innermost line of the side's own file."""
        frames = source_info_util.user_frames(eqn.source_info.traceback)
        return next((frame.start_line for frame in frames if frame.file_name == self._path), 0)


def _name(eqn: Any) -> str:
    """What a function is called that was jitted or has a derivative of its own."""
    return str(eqn.params.get("name") or "")


def _read(value: Any) -> Array:
    if hasattr(value, "dtype") and jnp.issubdtype(value.dtype, jax.dtypes.prng_key):
        value = jax.random.key_data(value)
    return np.asarray(value)
