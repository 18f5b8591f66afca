"""The adapter of JAX with Flax NNX and Optax. Only modules of this folder import them."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import cycle, islice
from types import ModuleType
from typing import Any, ClassVar
from unittest import mock

import flax
import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from paragone.calls.site import FunctionCall
from paragone.calls.sites import Sites
from paragone.frameworks import refusals
from paragone.frameworks.base import Array, Batch
from paragone.frameworks.common import LOSS_NAMES
from paragone.frameworks.found import Found, SeenLayer
from paragone.frameworks.jax import islands, loops, ops, places
from paragone.frameworks.jax.calls import Paths, forget_traces, install, watch
from paragone.frameworks.jax.closures import cells_of
from paragone.frameworks.jax.compiled import compile_for_proof
from paragone.frameworks.jax.completing import of_module, of_tree
from paragone.frameworks.jax.conventions import CONVENTIONS, measured
from paragone.frameworks.jax.linen.following import noting
from paragone.frameworks.jax.linen.model import LinenModel
from paragone.frameworks.jax.loops import LOOPS
from paragone.frameworks.jax.losses import adapt_loss
from paragone.frameworks.jax.noise import nudged
from paragone.frameworks.jax.optimizing import JaxOptimizing
from paragone.frameworks.jax.other_forms import other_form
from paragone.frameworks.jax.trees import loops as tree_loops
from paragone.frameworks.jax.trees.finding import find_tree
from paragone.frameworks.jax.trees.model import TreeModel
from paragone.frameworks.jax.trees.stepping import OwnStep
from paragone.frameworks.known_loss import Compute, Penalty
from paragone.frameworks.own_step import loss_in
from paragone.frameworks.spots import Reorder, Spot, same, turned
from paragone.layers.conv_transpose import is_turned
from paragone.meaning.forms.base import Numbers
from paragone.meaning.numpy_numbers import NumpyNumbers
from paragone.sides.execute import Executed, calling_line


class JaxSide(JaxOptimizing):
    """A Flax NNX side: an `nnx.Module` with a loss function and an Optax transformation."""

    framework: ClassVar[str] = "jax"
    kept: ClassVar[ModuleType | None] = places
    numbers: ClassVar[Numbers] = NumpyNumbers(jnp)
    measured, conventions = staticmethod(measured), CONVENTIONS
    stand_ins, exact = islands.STAND_INS, islands.EXACT

    def __init__(self, spec: Any, data: Any):
        super().__init__(spec, data)
        jax.config.update("jax_enable_x64", self.dtype == "float64")
        compile_for_proof(str(spec.get("compiled") or ""), int(spec.get("steps") or 0))
        paths = Paths()
        self.sites = Sites(self.framework, ops, paths.of, self.line_of_call, paths.enter)
        self._cells: dict[str, Any] = {}
        self._compiled: dict[str, Callable[..., Any]] = {}
        self._opt_start: Any = None
        self._numbers: tuple[tuple[str, Any], ...] = ()
        self._step: Callable[[Any, Any], Any]
        self._loss: Callable[..., Any]

    # ------------------------------------------------------------------ finding

    def interesting(self, value: Any) -> bool:
        """Models, optimizers, transformations and functions."""
        kinds = (nnx.Module, nnx.Optimizer, optax.GradientTransformation)
        return isinstance(value, kinds) or inspect.isfunction(value)

    def is_model(self, value: Any) -> bool:
        """Any NNX module that can be called; an optimizer that is one cannot."""
        return isinstance(value, nnx.Module) and not isinstance(value, nnx.Optimizer) and callable(value)

    @contextmanager
    def _patched(self, seed: int) -> Iterator[None]:
        random.seed(seed)
        np.random.seed(seed % 2**32)
        if self.observing:
            islands.install()
            self.sites.reset()
            install(self.sites)
        make_rngs, make_key, make_old_key = nnx.Rngs.__init__, jax.random.key, jax.random.PRNGKey
        side, kind = self, type(nnx.Module)
        construct = kind.__call__

        def noted(cls: Any, *args: Any, **kwargs: Any) -> Any:
            module = construct(cls, *args, **kwargs)
            if isinstance(module, nnx.Module):
                side.lines[id(module)] = calling_line(str(side.path)) or 0
            return module

        def rngs(self: Any, default: Any = None, **streams: Any) -> None:
            make_rngs(self, _moved(default, seed), **{name: _moved(value, seed) for name, value in streams.items()})

        def refused(*_: Any, **__: Any) -> None:
            raise side.trains_on_import(calling_line(str(side.path)))

        with ExitStack() as stack:
            stack.enter_context(noting(self.lines, partial(calling_line, str(self.path))))
            for owner, name, replacement in (
                (kind, "__call__", noted),
                (nnx.Rngs, "__init__", rngs),
                (jax.random, "key", lambda start, **kw: make_key(_moved(start, seed), **kw)),
                (jax.random, "PRNGKey", lambda start, **kw: make_old_key(_moved(start, seed), **kw)),
                (nnx.Optimizer, "update", refused),
                (np.random, "seed", lambda *_: None),
                (random, "seed", lambda *_: None),
            ):
                stack.enter_context(mock.patch.object(owner, name, replacement))
            yield

    def guarded(self, seed: int) -> AbstractContextManager[None]:
        """While the file runs: our seed stands, constructors note their lines, training is refused."""
        return self._patched(seed)

    def find(self, executed: Executed) -> Found:
        """The only module that is no part of another."""
        modules = [item for item in executed.of(self.is_model) if places.has_parameters(item.value)]
        inner = {id(part) for item in modules for _, part in nnx.iter_modules(item.value) if part is not item.value}
        outer = [item for item in modules if id(item.value) not in inner]
        if not outer and (tree := find_tree(executed.namespace, executed.named(*LOSS_NAMES))) is not None:
            return of_tree(self, tree)
        if not outer and (found := other_form(executed.namespace)) is not None:
            raise refusals.other_form(self.path, *found)
        missing = "an object of a flax.nnx.Module with parameters, or a tree of arrays called params"
        model = self.one_model(outer, missing)
        return self.complete(model.value, model.name)

    def complete(self, model: Any, name: str) -> Found:
        """Loss function, optimizer and `train_step` for a model."""
        return of_module(self, model, name)

    # ------------------------------------------------------------------ building

    def settle(self, batch: Batch) -> None:
        """Cast, run once in evaluation mode and observe the layers."""
        model = self.found.model
        if self.found.loss is not None:
            self._loss = adapt_loss(self.found.loss, self.path)
        self._compiled.clear()
        if not self.observing:
            return
        nnx.update(model, jax.tree.map(self._cast, nnx.state(model, (nnx.Param, nnx.BatchStat))))
        if isinstance(model, TreeModel):
            model.look(batch.x, self.lines, partial(calling_line, str(self.path)))
        self._widen(model)
        optimizer = self.found.optimizer
        fresh = nnx.Optimizer(model, optimizer.tx, wrt=optimizer.wrt)
        optimizer.opt_state = fresh.opt_state
        self._opt_start = jax.tree.map(jnp.copy, nnx.state(optimizer))
        self._cells, self._frozen = cells_of(self.tx), frozenset()
        watch(model, self.sites)
        with self.sites.observed() as seen:
            self.run_once(batch)
        own = {id(module) for _, module in nnx.iter_modules(model)}  # a scan calls copies, whose weights are traced
        self.layers = self.name_layers(
            [one for one in seen if isinstance(one.thing, FunctionCall) or id(one.thing) in own]
        )

    def _cast(self, array: Any) -> Any:
        """In NumPy: JAX would compile a conversion for every shape."""
        return jnp.asarray(np.asarray(array), self.dtype) if jnp.issubdtype(array.dtype, jnp.floating) else array

    def _widen(self, model: Any) -> None:
        """Modules that keep float32 as the dtype of their states or results (cells, `Embed`) take the side's dtype."""
        for _, module in nnx.iter_modules(model):
            for name in ("dtype", "param_dtype"):
                value = getattr(module, name, None)  # a layer may have this name
                if value is not None and not isinstance(value, nnx.Module) and jnp.dtype(value) == jnp.float32:
                    setattr(module, name, jnp.dtype(self.dtype))

    def run_once(self, batch: Batch) -> None:
        """In evaluation mode, not jitted."""
        self.found.model.eval()
        self.found.model(*batch.x)
        self.found.model.train()

    def own_parameters(self, thing: Any) -> list[str]:
        """Parameters that a module of an unknown class keeps itself."""
        return [name for name, value in vars(thing).items() if isinstance(value, nnx.Param)]

    def layout(self, layer: SeenLayer, attribute: str) -> tuple[Reorder, Reorder]:
        """The kernel of a transposed convolution, which Flax keeps turned around."""
        return (turned, turned) if self.turned(layer, attribute) else (same, same)

    def turned(self, layer: SeenLayer, attribute: str) -> bool:
        """Whether a known layer keeps a kernel (spatial, in, out) and turned around (row G8)."""
        return layer.kind == "conv_transpose" and attribute == "kernel" and is_turned(layer.thing)

    def layers_expected(self) -> str:
        """What the first layer with a fixed input takes."""
        for _, module in nnx.iter_modules(self.found.model):
            if not hasattr(module, "in_features"):
                continue  # a layer of Linen does not say
            if isinstance(module, nnx.Linear):
                return f"(…, {module.in_features}): its first layer is Linear of {module.in_features}"
            if isinstance(module, nnx.Conv):
                return f"(batch, …, {module.in_features}): its first layer is a convolution"
        return ""

    # ------------------------------------------------------------------ computing

    def batch(self, x: Sequence[Array], y: Sequence[Array]) -> Batch:
        """Floats in the side's dtype, whole numbers as JAX keeps them."""
        targets = [self._tensor(item) for item in y]
        return Batch([self._tensor(item) for item in x], targets[0] if len(targets) == 1 else targets)

    def _tensor(self, array: Array) -> Any:
        return jnp.asarray(array, dtype=self.dtype if array.dtype.kind == "f" else None)

    def outputs(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode."""
        model = self.found.model
        model.eval()
        try:
            outputs = jax.tree.leaves(self._jitted("forward", _forward)(model, batch.x))
        finally:
            model.train()
        return [self.read(item) for item in outputs]

    @property
    def loss_function(self) -> Callable[..., Any]:
        """The loss in the form `loss(model, x, y)`."""
        return self._loss

    def loss(self, batch: Batch) -> float:
        """Training loss of the batch without an update."""
        if self.found.loss is None:
            return self.number(self._run(batch))
        return self.number(self._jitted("loss", self._loss)(self.found.model, _given(batch), batch.y))

    def judged(self, batch: Batch) -> tuple[list[Array], float]:
        """Outputs and their loss in evaluation mode."""
        model = self.found.model
        model.eval()
        outputs, loss = self._jitted("judged", self._judged)(model, batch.x, batch.y)
        model.train()
        return [self.read(item) for item in jax.tree.leaves(outputs)], self.number(loss)

    def _judged(self, model: Any, x: Sequence[Any], y: Any) -> tuple[Any, Any]:
        return model(*x), self._loss(model, x[0] if len(x) == 1 else x, y)

    def replace_loss(self, compute: Compute, penalty: Penalty) -> None:
        """A loss of model, input and target that adds the penalties."""
        paths = {id(live): path for path, live in places.variables(self.found.model)}
        penalised = {spot.name: paths[id(spot.live)] for spot in self.spots() if spot.name in penalty}

        def loss_of(model: Any, x: Any, y: Any) -> Any:
            output = model(*x) if isinstance(x, (list, tuple)) else model(x)
            loss = compute(jax.tree.leaves(output), jax.tree.leaves(y))
            for name, (l1, l2) in penalty.items():
                value = places.at(model, penalised[name])[...]
                loss = loss + l1 * jnp.abs(value).sum() + l2 * jnp.square(value).sum()
            return loss

        self._loss = loss_of
        if self.step_checked.plain:
            self.found = replace(self.found, step=None)

    def _jitted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of the model as XLA compiles it, until the side's meaning is changed."""
        if name not in self._compiled:
            self._compiled[name] = nnx.jit(function)
        return self._compiled[name]

    def gradients(self, batch: Batch) -> Mapping[str, Array]:
        """Gradient by parameter; none for a side that has only its own step."""
        if self.found.loss is None:
            return {}
        model = self.found.model
        found = self._jitted("gradients", nnx.grad(self._loss))(model, _given(batch), batch.y)
        return self._by_spot(found)

    def step(self, batch: Batch) -> Any:
        """One training step."""
        return self._run(batch)

    def _run(self, batch: Batch) -> Any:
        step = self.found.step or self._step
        return step(_given(batch), batch.y)

    def number(self, loss: Any) -> float:
        """Wait for a native loss and give its value."""
        loss = loss_in(loss)
        return float("nan") if loss is None else float(loss)

    def timed(self, track: str, batches: Sequence[Batch]) -> Callable[[int], None]:
        """Runs so many steps of a track over the batches, in a circle."""
        step = self.step_of(track)
        ring = cycle([(_given(batch), batch.y) for batch in batches])

        def run(n: int) -> None:
            loss = None
            for x, y in islice(ring, n):
                loss = step(x, y)
            jax.block_until_ready(loss)

        return run

    def step_of(self, track: str) -> Callable[..., Any]:
        """The side's own step, or the loop of a track."""
        return self.stepping(track)[0]

    def stepping(self, track: str) -> loops.Stepping:
        """That step, and what puts back what it keeps."""
        if isinstance(self.found.step, OwnStep):
            return self.found.step.alone()
        if self.found.step is not None:
            return self.found.step, lambda: None
        made: loops.Stepping = self.loops().STEPPING[track](self.found.model, self._loss, self.found.optimizer)
        return made

    def read(self, tensor: Any) -> Array:
        """A tensor or variable as an array."""
        return np.asarray(tensor[...])

    def write(self, spot: Spot, array: Array) -> None:
        """Set a weight."""
        spot.live.set_value(jnp.asarray(array))

    def native(self) -> dict[str, Any]:
        """Parameters and running statistics by their paths, with points between."""
        nodes = nnx.iter_graph(self.found.model)
        kept = ((path, node) for path, node in nodes if isinstance(node, (nnx.Param, nnx.BatchStat)))
        return {".".join(map(str, path)): node for path, node in kept}

    def nudge(self, noise: np.random.Generator) -> None:
        """One unit in the last place, on the bits, all weights in one call."""
        live = self.live()
        moved = nudged([variable[...] for variable in live], int(noise.integers(2**31)))
        for variable, array in zip(live, moved, strict=True):
            variable.set_value(array)

    # ------------------------------------------------------------------ the optimizer

    def renew(self) -> None:
        """Make the jitted functions anew, so that they are traced with the numbers as they are now."""
        self._compiled.clear()
        model, numbers = self.found.model, self._numbers
        self._numbers = model.numbers() if isinstance(model, LinenModel) else ()
        forget_traces(self.sites, changed=numbers != self._numbers)
        if self.found.loss is not None:
            parts = self.found.model, self._loss, self.found.optimizer
            self._step = LOOPS["idiomatic"](*parts)

    def loops(self) -> ModuleType:
        """The canonical loops."""
        found = getattr(self, "found", None)
        return tree_loops if found is not None and isinstance(found.model, TreeModel) else loops

    def describe_names(self) -> tuple[str, str, str]:
        """Model, loss and optimizer in words."""
        kind = self.optimizer_kind()
        label = getattr(self.found.loss, "__name__", "in train_step")
        model = self.found.model
        return (
            model.title if isinstance(model, TreeModel) else type(model).__name__,
            label,
            kind.name if kind else " → ".join(self.optimizer_classes()),
        )

    def version(self) -> str:
        """Versions of Flax and JAX."""
        return f"{flax.__version__} on JAX {jax.__version__}"


def _moved(value: Any, seed: int) -> Any:
    """A seed written in the file, moved by ours; anything else as it is."""
    return int(value) + 7919 * seed if isinstance(value, (int, np.integer)) else value


def _forward(model: Any, x: Sequence[Any]) -> Any:
    return model(*x)


def _given(batch: Batch) -> Any:
    return batch.x[0] if len(batch.x) == 1 else batch.x


ADAPTER = JaxSide
