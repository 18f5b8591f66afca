"""What all of PyTorch's writers need: the model in evaluation mode, and a program of it for batches of any size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch

from paragone.frameworks.base import LARGEST_BATCH, Array

_SIGNATURE = "serving_default"
"""What litert-torch calls the one signature of a model."""


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


def write_litert_int8(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the model as `write_litert` does, and then its weights and activations in int8 where LiteRT computes so.

    https://github.com/google-ai-edge/ai-edge-quantizer (0.10), the recipe `static_wi8_ai8`: a scale for each channel of
    the weights; inputs and outputs stay float32, as in what TensorFlow's converter writes.

    Args:
        side: the built side, a `TorchSide`.
        inputs: training samples to calibrate with.
        path: what to write.
    """
    from ai_edge_quantizer import quantizer, recipe
    from ai_edge_quantizer.qtyping import TFLOperationName

    write_litert(side, inputs, path)
    made = quantizer.Quantizer(str(path), recipe.static_wi8_ai8())
    for end in (TFLOperationName.INPUT, TFLOperationName.OUTPUT):
        made.update_quantization_recipe(".*", end, algorithm_key="no_quantize")
    path.write_bytes(made.quantize(_ranges(made, inputs, path)).quantized_model)


def _ranges(made: Any, inputs: Sequence[Array], path: Path) -> Any:
    """The least and the most of every tensor over all samples, as TensorFlow's converter takes them.

    By itself the quantizer takes moving averages of each sample's, which cuts off what is not near the mean.
    """
    from ai_edge_quantizer import calibrator, recipe_manager
    from ai_edge_quantizer.utils import qsv_utils

    rules = recipe_manager.RecipeManager()
    rules.load_quantization_recipe(made.get_quantization_recipe())
    ranges = calibrator.Calibrator(str(path), num_threads=1, qsv_update_func=qsv_utils.min_max_update)
    short = [x.astype(np.int32) if x.dtype == np.int64 else x for x in inputs]  # as litert-torch has them
    rows = [{f"x{place}": x[row : row + 1] for place, x in enumerate(short)} for row in range(len(short[0]))]
    ranges.calibrate({_SIGNATURE: rows}, rules)
    return ranges.get_model_qsvs()


def _text(name: str | bytes) -> str:
    return name.decode() if isinstance(name, bytes) else name
