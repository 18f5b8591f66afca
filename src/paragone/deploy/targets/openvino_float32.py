"""OpenVINO on a CPU, told to compute in float32.

https://docs.openvino.ai/2026/openvino-workflow/running-inference/optimize-inference/precision-control.html (2026.4)
"""

from __future__ import annotations

BASED_ON = "openvino"
TITLE = "OpenVINO, float32"
OPTIONS: dict[str, str] = {"INFERENCE_PRECISION_HINT": "f32"}
