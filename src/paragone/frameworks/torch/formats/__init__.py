"""The formats that PyTorch writes, one file each, found by its name; nothing here imports PyTorch before it writes."""

from __future__ import annotations

WHY_NOT = {
    "saved_model": "PyTorch writes no SavedModel; a SavedModel's operations are TensorFlow's own",
    "stablehlo": "PyTorch writes no StableHLO without torch-xla, which has no build for a CPU alone",
}
