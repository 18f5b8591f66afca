"""Keras' adapter on PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any, ClassVar

import keras
import torch

from paragone.frameworks.base import Batch
from paragone.frameworks.tensorflow.elsewhere.ops import on
from paragone.frameworks.tensorflow.elsewhere.side import KerasElsewhere
from paragone.frameworks.tensorflow.elsewhere.torch import loops
from paragone.frameworks.torch import ops
from paragone.frameworks.torch.numbers import TorchNumbers
from paragone.meaning.forms.base import Numbers


class KerasOnTorch(KerasElsewhere):
    """A Keras side on PyTorch."""

    backend: ClassVar[str] = "torch"
    ops: ClassVar[Any] = on(ops)
    numbers: ClassVar[Numbers] = TorchNumbers()
    looping: ClassVar[ModuleType] = loops

    def __init__(self, spec: Any, data: Any):
        super().__init__(spec, data)
        if self.threads:
            torch.set_num_threads(self.threads)

    def seedings(self) -> list[tuple[Any, str]]:
        """Also PyTorch's."""
        return [*super().seedings(), (torch, "manual_seed")]

    def quietly(self) -> AbstractContextManager[Any]:
        """Nothing is kept for a backward pass."""
        quiet: AbstractContextManager[Any] = torch.no_grad()
        return quiet

    def gradients_of(self, batch: Batch) -> Mapping[int, Any]:
        """By a backward pass, as Keras' own step does it."""
        variables = [one for one in self.found.model.trainable_variables if one.value.requires_grad]
        loss = self.loss_of(batch)
        values = torch.autograd.grad(loss, [one.value for one in variables], allow_unused=True)
        return {id(one): value for one, value in zip(variables, values, strict=True)}

    def version(self) -> str:
        """Version of Keras and PyTorch."""
        return f"{keras.__version__} on PyTorch {torch.__version__}"


ADAPTER = KerasOnTorch
