"""What all of PyTorch's writers need: the model in evaluation mode, and a program of it for batches of any size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from paragone.frameworks.base import LARGEST_BATCH, Array


@contextmanager
def evaluating(side: Any) -> Iterator[torch.nn.Module]:
    """The side's model in evaluation mode; its calls are not watched meanwhile."""
    model: torch.nn.Module = side.found.model
    model.eval()
    try:
        with torch.no_grad():
            yield model
    finally:
        model.train()


def given(inputs: Sequence[Array]) -> tuple[torch.Tensor, ...]:
    """Inputs as tensors."""
    return tuple(torch.from_numpy(x.copy()) for x in inputs)


def shapes_of(inputs: Sequence[Array], most: int = LARGEST_BATCH) -> tuple[dict[int, Any], ...]:
    """Only the number of samples is open, up to the most; it is the same for all inputs."""
    batch = torch.export.Dim("batch", min=1, max=most)
    return tuple({0: batch} for _ in inputs)


def program(side: Any, inputs: Sequence[Array], most: int = LARGEST_BATCH) -> torch.export.ExportedProgram:
    """The model as `torch.export` takes it, for batches of any size up to the most.

    https://docs.pytorch.org/docs/2.13/export.html
    """
    with evaluating(side) as model:
        return torch.export.export(model, given(inputs), dynamic_shapes=shapes_of(inputs, most))


def write_litert(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the model as litert-torch does, for one sample, with inputs x0, x1 and so on and outputs y0, y1 and so on.

    https://github.com/google-ai-edge/litert-torch (0.10): it calls them args_0 and output_0; the names in a
    signature are put right in the file, since the scripts of all frameworks' artifacts are the same.
    """
    import litert_torch
    from ai_edge_litert import schema_py_generated as schema
    from ai_edge_litert.tools import flatbuffer_utils

    with evaluating(side) as model:
        litert_torch.convert(model, given([x[:1] for x in inputs])).export(str(path))
    described: schema.ModelT = flatbuffer_utils.read_model(str(path))
    (signature,) = described.signatureDefs
    for letter, named in (("x", signature.inputs), ("y", signature.outputs)):
        for each in named:
            each.name = letter + _text(each.name).rsplit("_", 1)[1]
    flatbuffer_utils.write_model(described, str(path))


def _text(name: str | bytes) -> str:
    return name.decode() if isinstance(name, bytes) else name
