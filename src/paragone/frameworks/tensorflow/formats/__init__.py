"""The formats that Keras on TensorFlow writes, one file each, found by its name; nothing here imports TensorFlow."""

from __future__ import annotations

WHY_NOT = {
    "torch_export": "only PyTorch writes programs of torch.export",
    "aot_inductor": "Inductor compiles PyTorch only",
    "executorch": "ExecuTorch is written from programs of torch.export, which only PyTorch writes",
    "stablehlo": "TensorFlow has no public function that writes StableHLO",
}
