"""PyTorch's adapter: the only module, with the loops, that imports torch."""

from __future__ import annotations

import copy
import inspect
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import cycle, islice
from types import ModuleType
from typing import Any, ClassVar
from unittest import mock

import numpy as np
import torch
from torch import nn

from paragone.frameworks.base import Array, Batch, Weights
from paragone.frameworks.common import LOSS_NAMES, SideAdapter
from paragone.frameworks.found import Found, SeenLayer
from paragone.frameworks.spots import Reorder, Spot
from paragone.frameworks.stand_in import Gelu
from paragone.frameworks.torch import loops
from paragone.frameworks.torch.batch_norm import keep_biased_variance
from paragone.frameworks.torch.epsilon import EpsilonBefore
from paragone.frameworks.torch.finding import (
    flat_tensors,
    is_loss,
    is_optimizer,
    own_step_of,
    parameters_of,
    shape_of,
)
from paragone.frameworks.torch.flattening import Flattening
from paragone.frameworks.torch.loops import LOOPS
from paragone.frameworks.torch.softmax import ONCE, SOFTMAX, TWICE, takes_logits, with_softmax
from paragone.frameworks.traits import kind_of_outputs, softmax_trait
from paragone.optimizers import kind_of
from paragone.optimizers.adam import BEFORE
from paragone.optimizers.base import OptimizerKind
from paragone.sides.execute import Executed, calling_line

_SCHEDULERS = (torch.optim.lr_scheduler.LRScheduler, torch.optim.lr_scheduler.ReduceLROnPlateau)


class TorchSide(SideAdapter):
    """A PyTorch side: an `nn.Module` with a criterion and a `torch.optim.Optimizer`."""

    framework: ClassVar[str] = "torch"
    gelu: ClassVar[Gelu] = Gelu(nn.functional.gelu, exact="none", tanh="tanh", default="none")

    def __init__(self, spec: Any, data: Any):
        super().__init__(spec, data)
        self._dtype = getattr(torch, self.dtype)
        torch.set_default_dtype(self._dtype)
        if self.threads:
            torch.set_num_threads(self.threads)
        self._flattening = Flattening()
        self._random = torch.Generator()
        self._hyperparameters: list[dict[str, Any]] = []
        self._scheduler_state: dict[str, Any] = {}
        self._steps = 0
        self._step: Callable[[Any, Any], Any]
        self._epsilon_before: EpsilonBefore | None = None

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
            self.gelu.reset()
            self.gelu.install("gelu", nn.functional)
            SOFTMAX.reset()
            SOFTMAX.install("softmax", nn.functional, torch)
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
        own = {id(p) for p in model.parameters()}
        optimizers = [b for b in self.executed.of(is_optimizer) if any(id(p) in own for p in parameters_of(b.value))]
        if not optimizers:
            raise self.missing(
                "optimizer",
                f"a torch.optim.Optimizer over {name}.parameters()",
                f"optimizer = torch.optim.Adam({name}.parameters())",
            )
        step = own_step_of(self.executed.named("train_step"))
        loss = self._criterion()
        if loss is None and step is None:
            raise self.missing("loss", "a criterion: a loss module or a function", "criterion = nn.CrossEntropyLoss()")
        schedulers = self.executed.of(lambda value: isinstance(value, _SCHEDULERS))
        scheduler = schedulers[-1].value if schedulers else None
        return Found(model, loss, optimizers[-1].value, scheduler, step, name)

    def _criterion(self) -> Any:
        modules = self.executed.of(is_loss)
        if modules:
            return modules[-1].value
        value = self.executed.named(*LOSS_NAMES)
        return value if callable(value) else None

    # ------------------------------------------------------------------ building

    def settle(self, batch: Batch) -> None:
        """Cast, run once in evaluation mode and observe the layers."""
        model = self.found.model
        self._epsilon_before = None
        model.to(self._dtype)
        if not self.observing:
            return
        seen: list[tuple[Any, tuple[int, ...], tuple[int, ...]]] = []

        def note(module: nn.Module, inputs: Any, output: Any) -> None:
            seen.append((module, shape_of(inputs), shape_of(output)))

        handles = [module.register_forward_hook(note) for module in model.modules()]
        model.eval()
        with torch.no_grad(), self._flattening.watch(model):
            model(*batch.x)
        for handle in handles:
            handle.remove()
        model.train()
        self.layers = self.name_layers(seen)
        self._hyperparameters = [
            {key: copy.deepcopy(value) for key, value in group.items() if key != "params"}
            for group in self.found.optimizer.param_groups
        ]
        if self.found.scheduler is not None:
            self._scheduler_state = copy.deepcopy(self.found.scheduler.state_dict())

    def own_parameters(self, thing: Any) -> list[str]:
        """Parameters registered on the module itself."""
        return [name for name, _ in thing.named_parameters(recurse=False)]

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
        return torch.as_tensor(np.ascontiguousarray(array)).to(kind)

    def outputs(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode."""
        model = self.found.model
        model.eval()
        with torch.no_grad():
            outputs = model(*batch.x)
        model.train()
        return [self.read(item) for item in flat_tensors(outputs)]

    def loss(self, batch: Batch) -> float:
        """Training loss of the batch, with its own step if that is all the side has."""
        if self.found.loss is None:
            return self.number(self._run(batch))
        with torch.no_grad():
            return self.number(self.found.loss(self.found.model(*batch.x), batch.y))

    def gradients(self, batch: Batch) -> Weights:
        """Gradient by parameter; of a user's side with its own step, what the optimizer was given."""
        optimizer = self.found.optimizer
        optimizer.zero_grad()
        if self.found.step is None or self.map is not None:  # the steps that we write clip what the others clip later
            self.found.loss(self.found.model(*batch.x), batch.y).backward()
            return self._grads()
        caught: Weights = {}
        handle = optimizer.register_step_pre_hook(lambda *_: caught.update(self._grads()))
        self._run(batch)
        handle.remove()
        return caught

    def _grads(self) -> Weights:
        found = {}
        for spot in self.spots():
            if spot.trainable:
                gradient = spot.live.grad if spot.live.grad is not None else torch.zeros_like(spot.live)
                found[spot.name] = spot.to(self.read(gradient)).copy()
        return found

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
        code = getattr(self.found.step, "__code__", None)
        names = [b.name for b in self.executed.bindings if b.value is self.found.scheduler]
        return code is not None and any(name in code.co_names for name in names)

    def _step_scheduler(self, loss: Any) -> None:
        scheduler = self.found.scheduler
        if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
            scheduler.step(self.number(loss))
        else:
            scheduler.step()

    def _run(self, batch: Batch) -> Any:
        if self.found.step is not None:
            return self._own(self.found.step)(batch.x, batch.y)
        return self._step(batch.x, batch.y)

    def number(self, loss: Any) -> float:
        """Wait for a native loss and give its value."""
        return float(loss.detach()) if torch.is_tensor(loss) else float(loss) if loss is not None else float("nan")

    def timed(self, track: str, batches: Sequence[Batch]) -> Callable[[int], None]:
        """Runs so many steps of a track over the batches, in a circle."""
        model, loss, optimizer = self.found.model, self.found.loss, self.found.optimizer
        step = self._own(self.found.step) if self.found.step else LOOPS[track](model, loss, optimizer)
        ring = cycle([(batch.x, batch.y) for batch in batches])

        def run(n: int) -> None:
            for x, y in islice(ring, n):
                step(x, y)

        return run

    @staticmethod
    def _own(step: Callable[..., Any]) -> Callable[[Any, Any], Any]:
        return lambda x, y: step(x[0] if len(x) == 1 else x, y)

    def read(self, tensor: Any) -> Array:
        """A tensor as an array."""
        return np.asarray(tensor.detach().cpu().numpy())

    def write(self, spot: Spot, array: Array) -> None:
        """Set a weight in place."""
        with torch.no_grad():
            spot.live.copy_(torch.from_numpy(np.ascontiguousarray(array)))

    def set_convention(self, layer: SeenLayer, _name: str, value: Any) -> None:
        """The running variance of a batch normalisation: biased, as Keras and Flax keep it."""
        if value == "biased":
            keep_biased_variance(layer.thing)

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

    def loss_traits(self) -> list[dict[str, Any]]:
        """How often softmax is applied before the logarithm."""
        kind = kind_of_outputs(self)
        if self.found.loss is None or kind == "values" or self.view is None:
            return []
        batch = self.head(self.view)
        outputs = self.outputs(batch)
        if len(outputs) > 1:
            return []
        logits = takes_logits(self.found.loss, torch.from_numpy(outputs[0]), batch.y)
        times = TWICE if logits and kind == "probabilities" else ONCE
        return [softmax_trait(times, settable=logits)]

    def set_function(self, where: str, name: str, value: Any) -> None:
        """Undo the second softmax of a loss, or apply one; else the form of gelu."""
        if where == "loss":
            self.found = replace(self.found, loss=with_softmax(self.found.loss, str(value)))
        else:
            super().set_function(where, name, value)

    def renew(self) -> None:
        """Make the step anew."""
        if self.found.loss is not None:
            self._step = LOOPS["idiomatic"](self.found.model, self.found.loss, self.found.optimizer)

    def fresh_optimizer(self) -> None:
        """No state, the hyper-parameters and the schedule of the start."""
        optimizer = self.found.optimizer
        optimizer.state = defaultdict(dict)
        for group, start in zip(optimizer.param_groups, self._hyperparameters, strict=True):
            group.update(copy.deepcopy(start))
        if self.found.scheduler is not None:
            self.found.scheduler.load_state_dict(copy.deepcopy(self._scheduler_state))
        self._steps = 0

    def optimizer_classes(self) -> list[str]:
        """Class names along the MRO; of an optimizer with an update of its own, its name alone."""
        kinds = type(self.found.optimizer).__mro__
        own = "step" in vars(kinds[0]) and not kinds[0].__module__.startswith("torch.")
        return [kinds[0].__name__] if own else [parent.__name__ for parent in kinds]

    def optimizer_kind(self) -> OptimizerKind | None:
        """By class name."""
        return kind_of(self.optimizer_classes(), self.framework)

    def get_optimizer(self, place: str) -> Any:
        """A key of the first parameter group; `betas.0` is the first of a tuple."""
        key, _, index = place.partition(".")
        value = self._hyperparameters[0].get(key)
        if value is None:
            return None
        value = value[int(index)] if index else value
        return value if isinstance(value, (bool, int, float)) else float(value)

    def set_optimizer(self, name: str, place: str, value: Any) -> None:
        """Set a key in every group, or the place of epsilon."""
        if name == "epsilon_place":
            wanted = value == BEFORE
            if wanted and self._epsilon_before is None:
                self._epsilon_before = EpsilonBefore(self.found.optimizer)
            return
        key, _, index = place.partition(".")
        for group in self._hyperparameters:
            if index:
                values = list(group[key])
                values[int(index)] = value
                group[key] = tuple(values)
            else:
                group[key] = value

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
