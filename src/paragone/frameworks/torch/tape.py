"""Plays one pass of a PyTorch side for its tape: every operation that reaches the dispatcher, below autograd.

There `nn.Linear`, `F.linear` and `x @ w.T` are the same, and a fused module (an LSTM, attention) is taken apart.
Gradients are off, so an intermediate value is freed as soon as the model lets go of it.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode, _disable_current_modes
from torch.utils._pytree import tree_leaves

from paragone.frameworks.base import Array, Batch
from paragone.frameworks.found import names_of
from paragone.frameworks.torch.worker import TorchSide
from paragone.sides.execute import calling_line
from paragone.workers.tape import CONSTANT, INPUT, ROOT, WEIGHT, Recorder


def play(side: TorchSide, batch: Batch, mode: str, recorder: Recorder) -> None:
    """Run the model in evaluation mode (`forward`), or the training loss (`loss`), and record every value."""
    model = side.found.model
    tape = _Tape(side, recorder)
    model.train(mode == "loss")
    try:
        with torch.no_grad(), tape.calls(model), tape:
            for i, tensor in enumerate(batch.x):
                tape.leaf(INPUT, f"x{i}", tensor)
            outputs = model(*batch.x)
            if mode == "loss":
                tape.stack.append(recorder.enter("loss", "loss", "", 0, ROOT))
                outputs = side.found.loss(outputs, batch.y)
            recorder.outputs = [tape.number(tensor) for tensor in tree_leaves(outputs) if torch.is_tensor(tensor)]
    finally:
        model.train()


def run(side: TorchSide, batch: Batch) -> None:
    """The model in evaluation mode, eagerly."""
    side.found.model.eval()
    try:
        with torch.no_grad():
            side.found.model(*batch.x)
    finally:
        side.found.model.train()


def modules(side: TorchSide) -> dict[str, Any]:
    """The modules of the model by their paths."""
    return dict(side.found.model.named_modules())


def state(module: Any) -> dict[str, Array]:
    """Parameters and buffers of a module."""
    return {name: _read(tensor) for name, tensor in _state(module)}


def is_tensor(value: Any) -> bool:
    """Whether it is a value of the framework."""
    return isinstance(value, torch.Tensor)


def leaves(tree: Any) -> list[Any]:
    """The tensors of a structure."""
    return [leaf for leaf in tree_leaves(tree) if torch.is_tensor(leaf)]


def array(tensor: Any) -> Array:
    """A tensor as an array."""
    return _read(tensor)


class _Tape(TorchDispatchMode):
    """Sees every operation.

    A tensor is known by its object, as long as that lives, and by its memory: what was written through a view is a
    source of all that is read from the same memory later.
    """

    def __init__(self, side: TorchSide, recorder: Recorder):
        super().__init__()
        self.stack = [ROOT]
        self._path = str(side.path)
        self._recorder = recorder
        self._known: dict[int, tuple[Any, int]] = {}
        self._written: dict[int, int] = {}
        self._weights = {id(tensor): name for name, tensor in _state(side.found.model)}
        self._layers = names_of(side.layers)
        self._lines = side.lines

    # ------------------------------------------------------------------ calls

    @contextmanager
    def calls(self, model: Any) -> Iterator[None]:
        """Follow the modules of the model as they are called."""
        with ExitStack() as stack:
            for path, module in model.named_modules():
                if module is not model:
                    stack.callback(module.register_forward_pre_hook(self._entering(path), prepend=True).remove)
                    stack.callback(module.register_forward_hook(self._leave).remove)
            yield

    def _entering(self, path: str) -> Any:
        def enter(module: Any, inputs: Any) -> None:
            layer, line = self._layers.get(id(module), ""), self._lines.get(id(module), 0)
            call = self._recorder.enter(path, type(module).__name__, layer, line, self.stack[-1])
            self._recorder.calls[call].inputs = [self.number(t) for t in tree_leaves(inputs) if torch.is_tensor(t)]
            self.stack.append(call)

        return enter

    def _leave(self, _module: Any, _inputs: Any, output: Any) -> Any:
        call = self.stack.pop()
        tensors = [tensor for tensor in tree_leaves(output) if torch.is_tensor(tensor)]
        self._recorder.leave(call, [self.number(tensor) for tensor in tensors])
        if len(tensors) != 1 or not self._recorder.wanted.given:
            return None
        with _disable_current_modes():
            array = self._recorder.replacement(call, _read(tensors[0]))
            if array is not None:
                tensors[0].copy_(torch.from_numpy(array))
        return None

    # ------------------------------------------------------------------ values

    def leaf(self, kind: str, name: str, tensor: Any) -> int:
        """A tensor that no operation made."""
        with _disable_current_modes():
            return self._know(tensor, self._recorder.leaf(kind, name, _read(tensor)))

    def number(self, tensor: Any) -> int:
        """The value that a tensor holds."""
        known = self._known.get(id(tensor))
        if known is not None and known[0]() is tensor:
            return known[1]
        name = self._weights.get(id(tensor))
        return self.leaf(WEIGHT if name else CONSTANT, name or "", tensor)

    def _know(self, tensor: Any, number: int) -> int:
        self._known[id(tensor)] = weakref.ref(tensor), number
        return number

    def _source(self, tensor: Any) -> list[int]:
        number = self.number(tensor)
        written = self._written.get(_memory(tensor), -1)
        return [number, written] if written > number else [number]

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = [tensor for tensor in tree_leaves((args, kwargs)) if torch.is_tensor(tensor)]
        parents = [number for tensor in given for number in self._source(tensor)]
        output = func(*args, **(kwargs or {}))
        line = calling_line(self._path) or 0
        op = str(func).removeprefix("aten.").partition(".")[0]
        with _disable_current_modes():
            for tensor in tree_leaves(output):
                if torch.is_tensor(tensor):
                    number = self._recorder.value(op, parents, _read(tensor), self.stack[-1], line)
                    self._know(tensor, number)
                    if func._schema.is_mutable:
                        self._written[_memory(tensor)] = number
        return output


def _state(model: Any) -> Iterator[tuple[str, Any]]:
    yield from model.named_parameters()
    yield from model.named_buffers()


def _memory(tensor: Any) -> int:
    return int(tensor.untyped_storage().data_ptr())


def _read(tensor: Any) -> Array:
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.float()
    return np.asarray(tensor.detach().resolve_conj().resolve_neg().cpu().numpy())
