"""Drawn shapes on a noisy ground, with the shape's number at every pixel as the target."""

from __future__ import annotations

from paragone.task.data.lazy import np
from paragone.task.data.standalone import standalone


def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """A disc, a square and a triangle in each image; the target says which is at a pixel (0: none of them)."""
    n, size = 800, 24
    random = np.random.default_rng(0)
    rows, columns = np.mgrid[:size, :size]
    images = np.zeros((n, size, size))
    masks = np.zeros((n, size, size), dtype=np.int64)
    for number in (1, 2, 3):
        radius = random.uniform(3, 5, (n, 1, 1))
        down = rows - random.uniform(5, size - 5, (n, 1, 1))
        right = columns - random.uniform(5, size - 5, (n, 1, 1))
        if number == 1:
            inside = down**2 + right**2 <= radius**2
        elif number == 2:
            inside = np.maximum(abs(down), abs(right)) <= 0.9 * radius
        else:
            inside = (abs(down) <= radius) & (abs(right) <= (down + radius) / 2)
        images = np.where(inside, random.uniform(0.5, 1.0, (n, 1, 1)), images)
        masks[inside] = number
    images = (images + random.normal(0.0, 0.1, images.shape))[..., None].astype(np.float32)
    return (images[:640], masks[:640]), (images[640:], masks[640:])


SOURCE = standalone(
    "shapes",
    "800 drawn images of 24×24 with a disc, a square and a triangle; the target is the shape at every pixel",
    load_data,
    views=("image",),
)
