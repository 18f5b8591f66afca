"""ONNX Runtime on a CPU, with weights and activations in int8; what goes in and comes out is float32.

https://onnxruntime.ai/docs/api/python/api_summary.html (1.32)
"""

from __future__ import annotations

BASED_ON = "onnxruntime"
TITLE = "ONNX Runtime, int8"
FORMATS = ("onnx_int8",)
PRECISION = "int8"
