"""PyTorch in bfloat16: `torch.autocast` around the forward pass and the loss, parameters in float32.

The backward pass stays outside, as PyTorch's manual asks. Sources: https://docs.pytorch.org/docs/2.13/amp.html and
https://docs.pytorch.org/docs/2.13/notes/amp_examples.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from paragone.frameworks.base import Batch
from paragone.frameworks.precision import Precision
from paragone.frameworks.torch.finding import flat_tensors
from paragone.measure.precision import BFLOAT16

_PRODUCTS = {
    *("mm", "addmm", "bmm", "baddbmm", "addbmm", "mv", "addmv", "dot", "linear", "convolution", "_convolution"),
    *("mkldnn_rnn_layer", "_scaled_dot_product_flash_attention_for_cpu"),
}


def autocast() -> torch.autocast:
    """The region in which PyTorch chooses bfloat16 operation by operation."""
    return torch.autocast("cpu", dtype=torch.bfloat16)


def idiomatic(model: Any, criterion: Any, optimizer: Any) -> Callable[[Any, Any], Any]:
    """The plain loop with forward pass and loss under autocast, as in PyTorch's own examples."""

    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = criterion(model(*x), y)
        loss.backward()
        optimizer.step()
        return loss

    return step


def tuned(model: Any, criterion: Any, optimizer: Any) -> Callable[[Any, Any], Any]:
    """`torch.compile` over model and loss, called under autocast."""

    @torch.compile
    def forward(x: Any, y: Any) -> Any:
        return criterion(model(*x), y)

    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = forward(x, y)
        loss.backward()
        optimizer.step()
        return loss

    return step


def infer(model: Any) -> Callable[[Any], Any]:
    """A call in evaluation mode under autocast; NumPy has no bfloat16, so that it is given float32."""
    model.eval()

    def call(x: Any) -> list[Any]:
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            outputs = model(*x)
        return [output.float().cpu().numpy() for output in flat_tensors(outputs)]

    return call


def infer_tuned(model: Any) -> Callable[[Any], Any]:
    """The same, compiled by `torch.compile`."""
    model.eval()
    compiled = torch.compile(model)

    def call(x: Any) -> list[Any]:
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            outputs = compiled(*x)
        return [output.float().cpu().numpy() for output in flat_tensors(outputs)]

    return call


def put(side: Any) -> None:
    """Of a side with its own step the whole step is put under autocast; the others have the loops above."""
    if side.found.step is not None:
        side.found = replace(side.found, step=autocast()(side.found.step))


def said(side: Any) -> str:
    """What was done."""
    where = "forward pass and loss" if side.found.step is None else "its own train_step, backward pass included"
    return f'torch.autocast("cpu", dtype=torch.bfloat16) around {where}; the parameters stay float32'


class _Products(TorchDispatchMode):
    """Notes the dtype that each matrix product and convolution gives."""

    def __init__(self) -> None:
        super().__init__()
        self.dtypes: list[str] = []

    def __torch_dispatch__(self, func: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = func(*args, **(kwargs or {}))
        if func.overloadpacket.__name__ in _PRODUCTS:
            first = given[0] if isinstance(given, (tuple, list)) else given
            self.dtypes.append(str(first.dtype).removeprefix("torch."))
        return given


def products(side: Any, batch: Batch) -> list[str]:
    """Of a forward pass in training mode, as PyTorch's dispatcher sees them."""
    with _Products() as seen, autocast():
        side.found.model(*batch.x)
    return list(seen.dtypes)


PRECISIONS = {
    BFLOAT16: Precision(
        BFLOAT16,
        put=put,
        calling=autocast,
        said=said,
        products=products,
        loops={
            "LOOPS": {"idiomatic": idiomatic, "tuned": tuned},
            "INFERENCE": {"idiomatic": infer, "tuned": infer_tuned},
        },
    )
}
