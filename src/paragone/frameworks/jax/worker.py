"""The adapter of JAX with Flax NNX and Optax: the only module, with the loops, that imports them."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
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

from paragone.frameworks.base import Array, Batch, Weights
from paragone.frameworks.common import LOSS_NAMES, SideAdapter
from paragone.frameworks.found import Found
from paragone.frameworks.jax import loops
from paragone.frameworks.jax.closures import makers, transformations
from paragone.frameworks.jax.loops import LOOPS
from paragone.frameworks.jax.losses import adapt_loss
from paragone.frameworks.jax.noise import nudged
from paragone.frameworks.spots import Spot
from paragone.frameworks.stand_in import Gelu
from paragone.optimizers import kind_of
from paragone.optimizers.base import OptimizerKind
from paragone.sides.execute import Executed, calling_line


class JaxSide(SideAdapter):
    """A Flax NNX side: an `nnx.Module` with a loss function and an Optax transformation."""

    framework: ClassVar[str] = "jax"
    gelu: ClassVar[Gelu] = Gelu(jax.nn.gelu, exact=False, tanh=True, default=True)

    def __init__(self, spec: Any, data: Any):
        super().__init__(spec, data)
        jax.config.update("jax_enable_x64", self.dtype == "float64")
        self._cells: dict[str, Any] = {}
        self._compiled: dict[str, Callable[..., Any]] = {}
        self._opt_start: Any = None
        self._step: Callable[[Any, Any], Any]
        self._loss: Callable[..., Any]

    # ------------------------------------------------------------------ finding

    def interesting(self, value: Any) -> bool:
        """Models, optimizers, transformations and functions."""
        kinds = (nnx.Module, nnx.Optimizer, optax.GradientTransformation)
        return isinstance(value, kinds) or inspect.isfunction(value)

    def is_model(self, value: Any) -> bool:
        """Any NNX module that has parameters."""
        return isinstance(value, nnx.Module) and not isinstance(value, nnx.Optimizer)

    @contextmanager
    def _patched(self, seed: int) -> Iterator[None]:
        random.seed(seed)
        np.random.seed(seed % 2**32)
        if self.observing:
            self.gelu.reset()
            self.gelu.install("gelu", jax.nn, nnx)
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
        modules = [item for item in executed.of(self.is_model) if _has_parameters(item.value)]
        inner = {id(part) for item in modules for _, part in nnx.iter_modules(item.value) if part is not item.value}
        outer = [item for item in modules if id(item.value) not in inner]
        model = self.one_model(outer, "an object of a flax.nnx.Module with parameters")
        return self.complete(model.value, model.name)

    def complete(self, model: Any, name: str) -> Found:
        """Loss function, optimizer and `train_step` for a model."""
        optimizers = self.executed.of(lambda value: isinstance(value, (nnx.Optimizer, optax.GradientTransformation)))
        ready = [item.value for item in optimizers if isinstance(item.value, nnx.Optimizer)]
        plain = [item.value for item in optimizers if not isinstance(item.value, nnx.Optimizer)]
        if not ready and not plain:
            raise self.missing(
                "optimizer",
                "an nnx.Optimizer or an Optax transformation",
                f"optimizer = nnx.Optimizer({name}, optax.adam(1e-3), wrt=nnx.Param)",
            )
        optimizer = ready[-1] if ready else nnx.Optimizer(model, plain[-1], wrt=nnx.Param)
        step = _own_step(self.executed.named("train_step"))
        loss = self.executed.named(*LOSS_NAMES)
        if not callable(loss) and step is None:
            raise self.missing("loss", "a function loss_fn(model, x, y)", "def loss_fn(model, x, y): …")
        return Found(model, loss if callable(loss) else None, optimizer, None, step, name)

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
        self._widen(model)
        optimizer = self.found.optimizer
        fresh = nnx.Optimizer(model, optimizer.tx, wrt=optimizer.wrt)
        optimizer.opt_state = fresh.opt_state
        self._opt_start = jax.tree.map(jnp.copy, nnx.state(optimizer))
        self._cells = {f"{maker}.{name}": cell for maker, name, cell in transformations(optimizer.tx.update)}
        model.eval()
        self.layers = self.name_layers(self._observe(batch))
        model.train()

    def _cast(self, array: Any) -> Any:
        return array.astype(self.dtype) if jnp.issubdtype(array.dtype, jnp.floating) else array

    def _widen(self, model: Any) -> None:
        """Modules that keep float32 as the dtype of their states or results (cells, `Embed`) take the side's dtype."""
        for _, module in nnx.iter_modules(model):
            for name in ("dtype", "param_dtype"):
                if getattr(module, name, None) is not None and jnp.dtype(getattr(module, name)) == jnp.float32:
                    setattr(module, name, jnp.dtype(self.dtype))

    def _observe(self, batch: Batch) -> list[tuple[Any, tuple[int, ...], tuple[int, ...]]]:
        seen: list[tuple[Any, tuple[int, ...], tuple[int, ...]]] = []
        kinds = {type(module) for _, module in nnx.iter_modules(self.found.model)}

        def wrapped(call: Any) -> Any:
            def noted(module: Any, *args: Any, **kwargs: Any) -> Any:
                output = call(module, *args, **kwargs)
                seen.append((module, _shape(args), _shape(output)))
                return output

            return noted

        with ExitStack() as stack:
            for kind in kinds:
                if "__call__" in kind.__dict__:
                    stack.enter_context(mock.patch.object(kind, "__call__", wrapped(kind.__call__)))
            self.found.model(*batch.x)
        return seen

    def own_parameters(self, thing: Any) -> list[str]:
        """Parameters that a module of an unknown class keeps itself."""
        return [name for name, value in vars(thing).items() if isinstance(value, nnx.Param)]

    def layers_expected(self) -> str:
        """What the first layer with a fixed input takes."""
        for _, module in nnx.iter_modules(self.found.model):
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
        outputs = jax.tree.leaves(self._jitted("forward", _forward)(model, batch.x))
        model.train()
        return [self.read(item) for item in outputs]

    def loss(self, batch: Batch) -> float:
        """Training loss of the batch without an update."""
        if self.found.loss is None:
            return self.number(self._run(batch))
        return self.number(self._jitted("loss", self._loss)(self.found.model, _given(batch), batch.y))

    def _jitted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of the model as XLA compiles it, until the side's meaning is changed."""
        if name not in self._compiled:
            self._compiled[name] = nnx.jit(function)
        return self._compiled[name]

    def gradients(self, batch: Batch) -> Weights:
        """Gradient by parameter; none for a side that has only its own step."""
        if self.found.loss is None:
            return {}
        model = self.found.model
        found = self._jitted("gradients", nnx.grad(self._loss))(model, _given(batch), batch.y)
        grads = nnx.to_flat_state(found)
        by_path = {tuple(path): value for path, value in grads}
        paths = {id(module): tuple(path) for path, module in nnx.iter_modules(model)}
        return {
            spot.name: spot.to(self.read(by_path[(*paths[id(spot.owner)], spot.attribute)])).copy()
            for spot in self.spots()
            if spot.trainable
        }

    def step(self, batch: Batch) -> Any:
        """One training step."""
        return self._run(batch)

    def _run(self, batch: Batch) -> Any:
        return (self.found.step or self._step)(_given(batch), batch.y)

    def number(self, loss: Any) -> float:
        """Wait for a native loss and give its value."""
        return float("nan") if loss is None else float(loss)

    def timed(self, track: str, batches: Sequence[Batch]) -> Callable[[int], None]:
        """Runs so many steps of a track over the batches, in a circle."""
        step = self.found.step or LOOPS[track](self.found.model, self._loss, self.found.optimizer)
        ring = cycle([(_given(batch), batch.y) for batch in batches])

        def run(n: int) -> None:
            loss = None
            for x, y in islice(ring, n):
                loss = step(x, y)
            jax.block_until_ready(loss)

        return run

    def read(self, tensor: Any) -> Array:
        """A tensor or variable as an array."""
        return np.asarray(tensor[...])

    def write(self, spot: Spot, array: Array) -> None:
        """Set a weight."""
        spot.live[...] = jnp.asarray(array)

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
        if self.found.loss is not None:
            self._step = LOOPS["idiomatic"](self.found.model, self._loss, self.found.optimizer)

    def fresh_optimizer(self) -> None:
        """The optimizer's state as it was before the first step."""
        nnx.update(self.found.optimizer, jax.tree.map(jnp.copy, self._opt_start))

    def optimizer_classes(self) -> list[str]:
        """The transformations that the optimizer is made of."""
        return makers(self.found.optimizer.tx.update) or ["optax"]

    def optimizer_kind(self) -> OptimizerKind | None:
        """By the names of the transformations."""
        return kind_of(self.optimizer_classes(), self.framework)

    def get_optimizer(self, place: str) -> Any:
        """A variable of a transformation's closure; the step size is minus the learning rate."""
        if place not in self._cells:
            return None
        value = self._cells[place].cell_contents
        return -value if place == "scale.step_size" else value

    def set_optimizer(self, _name: str, place: str, value: Any) -> None:
        """Set a variable of a transformation's closure."""
        self._cells[place].cell_contents = -value if place == "scale.step_size" else value

    def loops(self) -> ModuleType:
        """The canonical loops."""
        return loops

    def describe_names(self) -> tuple[str, str, str]:
        """Model, loss and optimizer in words."""
        kind = self.optimizer_kind()
        label = getattr(self.found.loss, "__name__", "in train_step")
        return type(self.found.model).__name__, label, kind.name if kind else " → ".join(self.optimizer_classes())

    def version(self) -> str:
        """Versions of Flax and JAX."""
        return f"{flax.__version__} on JAX {jax.__version__}"


def _moved(value: Any, seed: int) -> Any:
    """A seed written in the file, moved by ours; anything else as it is."""
    return int(value) + 7919 * seed if isinstance(value, (int, np.integer)) else value


def _has_parameters(module: Any) -> bool:
    return bool(jax.tree.leaves(nnx.state(module, nnx.Param)))


def _forward(model: Any, x: Sequence[Any]) -> Any:
    return model(*x)


def _given(batch: Batch) -> Any:
    return batch.x[0] if len(batch.x) == 1 else batch.x


def _own_step(value: Any) -> Callable[..., Any] | None:
    if not callable(value):
        return None
    try:
        parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return None
    needed = [p for p in parameters if p.default is p.empty]
    step: Callable[..., Any] = value
    return step if len(needed) == 2 else None


def _shape(value: Any) -> tuple[int, ...]:
    leaves = [leaf for leaf in jax.tree.leaves(value) if hasattr(leaf, "shape")]
    return tuple(leaves[0].shape[1:]) if leaves else ()


ADAPTER = JaxSide
