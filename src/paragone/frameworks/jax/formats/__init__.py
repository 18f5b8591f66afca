"""The formats that JAX writes, one file each, found by its name; nothing here imports JAX before it writes."""

from __future__ import annotations

WHY_NOT = {
    "torch_export": "only PyTorch writes programs of torch.export",
    "aot_inductor": "Inductor compiles PyTorch only",
    "executorch": "ExecuTorch is written from programs of torch.export, which only PyTorch writes",
    "coreml": "coremltools 9.0 reads no JAX, and of what jax2tf writes it knows no XlaCallModule",
}
