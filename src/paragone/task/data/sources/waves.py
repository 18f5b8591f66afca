"""Generated waves with two questions to each: which form it has, and at what frequency it swings."""

from __future__ import annotations

from paragone.task.data.lazy import np
from paragone.task.data.standalone import standalone


def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Samples of a wave and their distance in time; the targets are its form (sine, square, saw) and frequency."""
    n, n_samples = 2000, 32
    random = np.random.default_rng(0)
    form = random.integers(3, size=n)
    frequency = random.uniform(1.0, 4.0, (n, 1))  # in Hz
    interval = random.uniform(0.02, 0.05, (n, 1))  # in s
    phase = frequency * interval * np.arange(n_samples) + random.uniform(size=(n, 1))
    sine = np.sin(2 * np.pi * phase)
    waves = np.choose(form[:, None], [sine, np.sign(sine), 2 * (phase % 1) - 1])
    waves += random.normal(0.0, 0.1, waves.shape)
    arrays = (
        waves[..., None].astype(np.float32),
        (20 * interval).astype(np.float32),
        form.astype(np.int64),
        frequency.astype(np.float32),
    )
    return tuple(array[:1600] for array in arrays), tuple(array[1600:] for array in arrays)


SOURCE = standalone(
    "waves", "2000 waves and their sampling intervals; the targets are form and frequency", load_data, n_inputs=2
)
