"""Sparse plus: 0 up to -1, (x + 1)² / 4 between, x from 1 on.

The same in keras.activations.sparse_plus (3.15) and jax.nn.sparse_plus (0.10); PyTorch has none
(torch/nn/functional.py, 2.13).
"""

from __future__ import annotations

from paragone.activations.base import activation, called, helped, named
from paragone.spelling.spelled import Helper, Note

_TORCH = Helper(
    "sparse_plus",
    '''
def sparse_plus(x: torch.Tensor) -> torch.Tensor:
    """0 up to -1, (x + 1)² / 4 between, x from 1 on."""
    return torch.where(x < 1.0, torch.square(torch.relu(x + 1.0)) / 4, x)
''',
    Note("C8", "PyTorch has no sparse plus"),
)

LAYER = activation(
    "sparse_plus",
    "0 for x ≤ -1, (x + 1)² / 4 between, x for x ≥ 1",
    named("sparse_plus"),
    helped(_TORCH),
    called("jax.nn.sparse_plus({0})"),
)
