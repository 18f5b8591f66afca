"""PyTorch's adapter. Only modules of this folder import torch."""

from __future__ import annotations

import copy
import inspect
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from itertools import cycle, islice
from types import ModuleType
from typing import Any, ClassVar
from unittest import mock

import numpy as np
import torch
from torch import nn

from paragone.calls.sites import Sites
from paragone.frameworks import refusals
from paragone.frameworks.base import Array, Batch, Lazily
from paragone.frameworks.checked_step import names_of_loss
from paragone.frameworks.found import Found, SeenLayer
from paragone.frameworks.known_loss import Compute, Penalty
from paragone.frameworks.own_step import handed_step, loss_in, step_of, takes_optimizer
from paragone.frameworks.spots import Reorder, Spot
from paragone.frameworks.torch import loops, ops, places
from paragone.frameworks.torch.batch_norm import see_training
from paragone.frameworks.torch.calls import watch
from paragone.frameworks.torch.conventions import CONVENTIONS, measured
from paragone.frameworks.torch.finding import (
    criterion_of,
    flat_tensors,
    is_loss,
    is_optimizer,
    parameters_of,
)
from paragone.frameworks.torch.flattening import Flattening
from paragone.frameworks.torch.lightning import configured, training_step_of
from paragone.frameworks.torch.loops import LOOPS
from paragone.frameworks.torch.numbers import TorchNumbers
from paragone.frameworks.torch.optimizing import TorchOptimizing
from paragone.frameworks.torch.own_gradients import watched
from paragone.frameworks.torch.recurrent import reset_before
from paragone.layers.whole import BEFORE
from paragone.meaning.forms.base import Numbers
from paragone.sides.execute import Binding, Executed, calling_line

_SCHEDULERS = (torch.optim.lr_scheduler.LRScheduler, torch.optim.lr_scheduler.ReduceLROnPlateau)


class TorchSide(TorchOptimizing):
    """A PyTorch side: an `nn.Module` with a criterion and a `torch.optim.Optimizer`."""

    framework: ClassVar[str] = "torch"
    kept: ClassVar[ModuleType | None] = places
    numbers: ClassVar[Numbers] = TorchNumbers()
    measured, conventions = staticmethod(measured), CONVENTIONS

    def __init__(self, spec: Any, data: Any):
        super().__init__(spec, data)
        self._dtype = getattr(torch, self.dtype)
        torch.set_default_dtype(self._dtype)
        if self.threads:
            torch.set_num_threads(self.threads)
        self.sites = Sites(self.framework, ops, line=self.line_of_call)
        self._flattening = Flattening()
        self._random = torch.Generator()
        self._hyperparameters: list[dict[str, Any]] = []
        self._scheduler_state: dict[str, Any] = {}
        self._steps = 0
        self._limits: dict[str, Any] | None = None
        self._step: Callable[[Any, Any], Any]

    # ------------------------------------------------------------------ finding

    def interesting(self, value: Any) -> bool:
        """Models, losses, optimizers, schedulers and functions."""
        return isinstance(value, (nn.Module, torch.optim.Optimizer, *_SCHEDULERS)) or inspect.isfunction(value)

    def is_model(self, value: Any) -> bool:
        """A module that is no loss."""
        return isinstance(value, nn.Module) and not is_loss(value)

    @contextmanager
    def _patched(self, seed: int) -> Iterator[None]:
        random.seed(seed)
        np.random.seed(seed % 2**32)
        torch.manual_seed(seed)
        if self.observing:
            self.sites.reset()
        construct = nn.Module.__init__
        side = self

        def noted(module: Any, *args: Any, **kwargs: Any) -> None:
            side.lines[id(module)] = calling_line(str(side.path)) or 0
            construct(module, *args, **kwargs)

        def refused(*_: Any, **__: Any) -> None:
            raise side.trains_on_import(calling_line(str(side.path)))

        with (
            mock.patch.object(nn.Module, "__init__", noted),
            mock.patch.object(torch.Tensor, "backward", refused),
            mock.patch.object(torch, "manual_seed", lambda _seed: torch.default_generator),
            mock.patch.object(np.random, "seed", lambda _seed=None: None),
            mock.patch.object(random, "seed", lambda *_: None),
        ):
            yield

    def guarded(self, seed: int) -> AbstractContextManager[None]:
        """While the file runs: our seed stands, constructors note their lines, training is refused."""
        return self._patched(seed)

    def find(self, executed: Executed) -> Found:
        """The only module with parameters that is no part of another."""
        modules = executed.of(self.is_model)
        inner = {id(part) for item in modules for part in item.value.modules() if part is not item.value}
        outer = [item for item in modules if id(item.value) not in inner and any(True for _ in item.value.parameters())]
        model = self.one_model(outer, "an object of a torch.nn.Module with parameters")
        return self.complete(model.value, model.name)

    def complete(self, model: Any, name: str) -> Found:
        """Criterion, optimizer, scheduler and `train_step` for a model."""
        self._configure(model, name)
        own = {id(p) for p in model.parameters()}
        optimizers = [b for b in self.executed.of(is_optimizer) if any(id(p) in own for p in parameters_of(b.value))]
        brought = self.executed.function("train_step", step=True)
        step, loss = step_of(brought), criterion_of(self.executed)
        if not optimizers and (step := step or handed_step(brought, {"model": model, "loss": loss})):
            optimizer = torch.optim.SGD(model.parameters(), lr=self.rate_by_hand)
            return Found(model, loss, optimizer, None, step, name, by_hand=True)
        if not optimizers:
            wanted = f"a torch.optim.Optimizer over {name}.parameters()"
            raise self.missing("optimizer", wanted, f"optimizer = torch.optim.Adam({name}.parameters())")
        optimizer = optimizers[-1].value
        handed = step is None and loss is not None and takes_optimizer(brought) and self.looks_at_steps
        if step is None and (loss is None or handed):
            step = handed_step(brought, {"model": model, "optimizer": optimizer, "loss": loss})
        if loss is None and step is None and (step := training_step_of(model, optimizer)) is None:
            raise self.missing("loss", "a criterion: a loss module or a function", "criterion = nn.CrossEntropyLoss()")
        schedulers = self.executed.of(lambda value: isinstance(value, _SCHEDULERS))
        return Found(model, loss, optimizer, schedulers[-1].value if schedulers else None, step, name, handed=handed)

    def _configure(self, model: Any, name: str) -> None:
        """What a module configures itself counts as made by the file, if the file makes no optimizer."""
        if self.executed.of(is_optimizer):
            return
        optimizers, schedulers = configured(model)
        if len(optimizers) > 1:
            raise refusals.several_optimizers(self.path, name, len(optimizers))
        self.executed.bindings += [Binding(name, part, 1, 1) for part in (*optimizers, *schedulers)]

    # ------------------------------------------------------------------ building

    def settle(self, batch: Batch) -> None:
        """Cast, run once in evaluation mode and observe the layers."""
        model = self.found.model
        model.to(self._dtype)
        if not self.observing:
            return
        watch(model, self.sites)
        forms = self.fitting.inputs if self.fitting else "as given"
        with self._flattening.watch(model, batch.x, forms), self.sites.observed() as seen:
            self.run_once(batch)
        see_training(model, batch.x)
        self.layers = self.name_layers(seen)
        self._hyperparameters = [
            {key: copy.deepcopy(value) for key, value in group.items() if key != "params"}
            for group in self.found.optimizer.param_groups
        ]
        if self.found.scheduler is not None:
            self._scheduler_state = copy.deepcopy(self.found.scheduler.state_dict())

    def run_once(self, batch: Batch) -> None:
        """In evaluation mode."""
        self.found.model.eval()
        with torch.no_grad():
            self.found.model(*batch.x)
        self.found.model.train()

    def own_parameters(self, thing: Any) -> list[str]:
        """Parameters registered on the module itself."""
        return [name for name, _ in thing.named_parameters(recurse=False)]

    def flattened(self, module: Any) -> tuple[int, ...]:
        """The shape, channels first, that was flattened just before a module; empty for none."""
        return self._flattening.source(module)

    def layout(self, layer: SeenLayer, attribute: str) -> tuple[Reorder, Reorder]:
        """A kernel after a flatten of channels-first images is reordered to channels last."""
        return self._flattening.layout(layer.thing, attribute)

    def layers_expected(self) -> str:
        """What the first layer with a fixed input takes."""
        for module in self.found.model.modules():
            if isinstance(module, nn.Linear):
                return f"(…, {module.in_features}): its first layer is {module}"
            if isinstance(module, nn.modules.conv._ConvNd):
                return f"(batch, {module.in_channels}, …): its first layer is {module}"
        return ""

    # ------------------------------------------------------------------ computing

    def batch(self, x: Sequence[Array], y: Sequence[Array]) -> Batch:
        """Floats in the side's dtype, whole numbers as int64."""
        targets = [self._tensor(item) for item in y]
        return Batch([self._tensor(item) for item in x], targets[0] if len(targets) == 1 else targets)

    def _tensor(self, array: Array) -> Any:
        kind = {"f": self._dtype, "b": torch.bool}.get(array.dtype.kind, torch.int64)
        return torch.tensor(np.ascontiguousarray(array), dtype=kind)  # a copy: a model may write into it

    def outputs(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode."""
        model = self.found.model
        model.eval()
        try:
            with torch.no_grad(), self.precision.calling():
                outputs = model(*batch.x)
        finally:
            model.train()
        return [self.read(item) for item in flat_tensors(outputs)]

    def loss(self, batch: Batch) -> float:
        """Training loss of the batch, with its own step if that is all the side has."""
        if self.found.loss is None:
            return self.number(self._run(batch))
        with torch.no_grad():
            return self.number(self.found.loss(self.found.model(*batch.x), batch.y))

    def judged(self, batch: Batch) -> tuple[list[Array], float]:
        """Outputs and their loss in evaluation mode."""
        model = self.found.model
        model.eval()
        with torch.no_grad():
            outputs = model(*batch.x)
            loss = self.number(self.found.loss(outputs, batch.y))
        model.train()
        return [self.read(item) for item in flat_tensors(outputs)], loss

    def replace_loss(self, compute: Compute, penalty: Penalty) -> None:
        """A criterion of output and target that adds the penalties."""
        live = {spot.name: spot.live for spot in self.spots()}

        def criterion(output: Any, target: Any) -> Any:
            loss = compute(flat_tensors(output), flat_tensors(target))
            for name, (l1, l2) in penalty.items():
                loss = loss + l1 * live[name].abs().sum() + l2 * live[name].square().sum()
            return loss

        if self.step_checked.plain:
            self.found = replace(self.found, step=None)
        for name in names_of_loss(self):
            self.executed.namespace[name] = criterion
        self.found = replace(self.found, loss=criterion)

    def gradients(self, batch: Batch) -> Mapping[str, Array]:
        """Gradient by parameter; of a user's side with its own step, what the optimizer was given."""
        self.of_loss = {}
        self.found.optimizer.zero_grad()
        if self.found.step is None or (
            self.map is not None and self.map.written
        ):  # the steps that we write clip what the others clip later
            self.found.loss(self.found.model(*batch.x), batch.y).backward()
            return self._grads()
        if self.found.by_hand:
            return self._by_hand(batch)
        given, self.of_loss = watched(self.found.optimizer, self._grads, lambda: self._run(batch))
        return given

    def _grads(self) -> Lazily:
        return Lazily({spot.name: partial(self._grad, spot) for spot in self.spots() if spot.trainable})

    def _grad(self, spot: Spot) -> Array:
        gradient = spot.live.grad if spot.live.grad is not None else torch.zeros_like(spot.live)
        return spot.to(self.read(gradient)).copy()

    def step(self, batch: Batch) -> Any:
        """One training step, the scheduler after it where it is stepped by batch."""
        loss = self._run(batch)
        if self.found.scheduler is not None and not self._steps_itself():
            self._steps += 1
            every = 1 if self.scheduler_step == "batch" else -(-self.data.n_train // self.batch_size)
            if self._steps % every == 0:
                self._step_scheduler(loss)
        return loss

    def _steps_itself(self) -> bool:
        """Whether the side's own `train_step` names the scheduler, and so steps it."""
        code = getattr(inspect.unwrap(self.found.step), "__code__", None) if self.found.step else None
        names = [b.name for b in self.executed.bindings if b.value is self.found.scheduler]
        return code is not None and any(name in code.co_names for name in names)

    def scheduled(self, when: str, loss: Any) -> None:
        """Step the scheduler at the end of a `batch` or an `epoch`, if that is its time and the side does not."""
        if self.found.scheduler is not None and self.scheduler_step == when and not self._steps_itself():
            self._step_scheduler(loss)

    def _step_scheduler(self, loss: Any) -> None:
        scheduler = self.found.scheduler
        if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
            scheduler.step(self.number(loss))
        else:
            scheduler.step()

    def _run(self, batch: Batch) -> Any:
        step = self._step if self.found.step is None else self._own(self.found.step)
        return step(batch.x, batch.y)

    def number(self, loss: Any) -> float:
        """Wait for a native loss and give its value."""
        loss = loss_in(loss)
        return float(loss.detach()) if torch.is_tensor(loss) else float(loss) if loss is not None else float("nan")

    def timed(self, track: str, batches: Sequence[Batch]) -> Callable[[int], None]:
        """Runs so many steps of a track over the batches, in a circle."""
        step = self.step_of(track)
        ring = cycle([(batch.x, batch.y) for batch in batches])

        def run(n: int) -> None:
            for x, y in islice(ring, n):
                step(x, y)

        return run

    def step_of(self, track: str) -> Callable[[Any, Any], Any]:
        """The side's own step, or the loop of a track."""
        if self.found.step is not None:
            return self._own(self.found.step)
        loop: Callable[..., Callable[..., Any]] = self.precision.loop(loops, "LOOPS", track)
        return loop(self.found.model, self.found.loss, self.found.optimizer)

    def forget_compiled(self) -> None:
        """A second size would make `torch.compile` write code for any size; each is compiled as if it were alone."""
        if "torch._dynamo" in sys.modules:
            torch.compiler.reset()

    @staticmethod
    def _own(step: Callable[..., Any]) -> Callable[[Any, Any], Any]:
        return lambda x, y: step(x[0] if len(x) == 1 else x, y)

    def read(self, tensor: Any) -> Array:
        """A tensor as an array."""
        kept = tensor.detach().cpu()
        return np.asarray((kept.float() if kept.dtype == torch.bfloat16 else kept).numpy())

    def write(self, spot: Spot, array: Array) -> None:
        """Set a weight in place."""
        with torch.no_grad():
            spot.live.copy_(torch.from_numpy(np.ascontiguousarray(array)))

    def set_convention(self, layer: SeenLayer, name: str, value: Any) -> None:
        """The running variance of a batch normalisation, biased as Keras keeps it; or its statistics, frozen; …."""
        super().set_convention(layer, name, value)
        if value == BEFORE:
            self.sites.arounds[layer.key] = partial(reset_before, layer.thing)

    def native(self) -> dict[str, Any]:
        """The floats of `state_dict`."""
        return {name: tensor for name, tensor in self.found.model.state_dict().items() if tensor.is_floating_point()}

    def nudge(self, noise: np.random.Generator) -> None:
        """One unit in the last place, on the bits."""
        whole = torch.int64 if self._dtype == torch.float64 else torch.int32
        self._random.manual_seed(int(noise.integers(2**31)))
        with torch.no_grad():
            for tensor in self.live():
                moves = torch.randint(0, 2, tensor.shape, generator=self._random, dtype=whole) * 2 - 1
                moves.masked_fill_(tensor == 0, 1)
                tensor.data.view(whole).add_(moves)

    # ------------------------------------------------------------------ the optimizer

    def renew(self) -> None:
        """Make the step anew."""
        if self.found.loss is not None:
            self._step = LOOPS["idiomatic"](self.found.model, self.found.loss, self.found.optimizer)

    def loops(self) -> ModuleType:
        """The canonical loops."""
        return loops

    def describe_names(self) -> tuple[str, str, str]:
        """Model, loss and optimizer in words."""
        loss = self.found.loss
        label = type(loss).__name__ if isinstance(loss, nn.Module) else getattr(loss, "__name__", "in train_step")
        return type(self.found.model).__name__, label, type(self.found.optimizer).__name__

    def version(self) -> str:
        """Version of torch."""
        return str(torch.__version__)


ADAPTER = TorchSide
