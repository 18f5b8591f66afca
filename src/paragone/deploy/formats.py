"""The formats between frameworks and runtimes: a framework knows how to write some, a runtime how to load some.

A framework's writers stand in `frameworks/<id>/formats/`, one file for each format, found by its name. What writes and
what loads agree on the file's name inside the artifact's folder, which stands here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """A format.

    Args:
        title: in words.
        file: what is written, inside the artifact's folder: a file, or a folder.
        source: where it is specified.
    """

    title: str
    file: str
    source: str


_LITERT = "https://ai.google.dev/edge/litert/conversion/tensorflow"
_INT8 = "quantization/post_training_quantization"

FORMATS = {
    "onnx": Format("ONNX", "model.onnx", "https://onnx.ai/onnx/intro/concepts.html (ONNX 1.23)"),
    "onnx_int8": Format("ONNX int8", "model.onnx", "https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html"),
    "saved_model": Format("SavedModel", "saved_model", "https://www.tensorflow.org/guide/saved_model"),
    "litert": Format("LiteRT", "model.tflite", f"{_LITERT}/overview (LiteRT 2.3)"),
    "litert_int8": Format("LiteRT int8", "model.tflite", f"{_LITERT}/{_INT8}"),
    "litert_one": Format("LiteRT for one sample", "model.tflite", f"{_LITERT}/overview (LiteRT 2.3)"),
    "litert_one_int8": Format("LiteRT int8 for one sample", "model.tflite", f"{_LITERT}/{_INT8}"),
    "torch_export": Format("torch.export", "model.pt2", "https://docs.pytorch.org/docs/2.13/export.html"),
    "aot_inductor": Format("AOTInductor", "model.pt2", "https://docs.pytorch.org/docs/2.13/torch.compiler_aot_inductor.html"),
    "executorch": Format("ExecuTorch", "model.pte", "https://docs.pytorch.org/executorch/1.5/pte-file-format.html"),
    "coreml": Format("Core ML", "model.mlpackage", "https://apple.github.io/coremltools/docs-guides/source/convert-to-ml-program.html"),
    "stablehlo": Format("StableHLO", "model.bin", "https://docs.jax.dev/en/latest/export/export.html (JAX 0.10)"),
}  # fmt: skip
