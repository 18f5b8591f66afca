"""PyTorch, as the orchestrator knows it."""

from __future__ import annotations

from paragone.frameworks.descriptor import Descriptor

DESCRIPTOR = Descriptor(
    id="torch",
    title="PyTorch",
    modules=("torch",),
    distributions=("torch",),
    install="pip install torch",
    worker="paragone.frameworks.torch.worker",
    backend="torch",
    probe="paragone.frameworks.torch.probe",
    recipe="paragone.frameworks.torch.recipe",
    side_file="torch_side.py",
    formats="paragone.frameworks.torch.formats",
    ahead=("torch._dynamo",),  # of the first optimizer that is made: torch/_compile.py (2.8)
)
