"""Mean over one axis of a sample or several, the last by default; 1 is the first behind the batch.

The same in keras.ops.mean (3.15), torch.mean (2.13) and jax.numpy.mean (0.10). In PyTorch the channels of
images stand at 1.
"""

from __future__ import annotations

from paragone.spelling.reductions import reduction

LAYER = reduction("mean", "the mean over an axis or several (1 is the first behind the batch)")
