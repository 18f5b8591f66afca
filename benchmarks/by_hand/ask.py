"""How a loop written by hand is asked for steps: a number of steps a line in, the seconds they took out."""

import ctypes
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

BATCH = 32
N_BATCHES = 32
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "first_task"
sys.path.insert(0, str(EXAMPLES))
ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: do not outlive the benchmark


def batches() -> list[tuple[np.ndarray, np.ndarray]]:
    """Batches of the first task's shape, in a seeded order."""
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    digits = load_digits()
    x = zoom(digits.images / 16, (1, 3.5, 3.5), order=1).reshape(-1, 784).astype("float32")
    y = digits.target.astype("int32")
    order = np.random.default_rng(0).permutation(len(x))[: BATCH * N_BATCHES].reshape(-1, BATCH)
    return [(x[rows], y[rows]) for rows in order]


def serve(run: Callable[[int], float]) -> None:
    """Answer until the line closes. The first answer is the seconds of the first step."""
    for line in sys.stdin:
        print(run(int(line)), flush=True)
