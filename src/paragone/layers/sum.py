"""Sum over one axis of a sample or several, the last by default; 1 is the first behind the batch.

The same in keras.ops.sum (3.15), torch.sum (2.13) and jax.numpy.sum (0.10). In PyTorch the channels of
images stand at 1.
"""

from __future__ import annotations

from paragone.spelling.reductions import reduction

LAYER = reduction("sum", "the sum over an axis or several (1 is the first behind the batch)")
