"""How Keras is fed on another backend: slices of the training set in an order, which are not the loaders of `fit`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

from paragone.frameworks.base import Array, Batch, Training
from paragone.frameworks.tensorflow.finding import fitted
from paragone.frameworks.tensorflow.plateau import EpochEnds


def batches(whole: Batch, batch_size: int, order: Array) -> Iterator[tuple[Any, ...]]:
    """The training set in an order, without the samples that fill no last batch."""
    arrays = keras.tree.map_structure(keras.ops.convert_to_numpy, fitted(whole))
    for at in range(0, len(order) // batch_size * batch_size, batch_size):
        rows = order[at : at + batch_size]
        yield keras.tree.map_structure(lambda array, rows=rows: keras.ops.convert_to_tensor(array[rows]), arrays)


def epochs(side: Any, track: str, whole: Batch, *, compute: bool) -> Callable[[int], None]:
    """Goes so often over the whole training set, shuffled anew each time, with or without a step for each batch."""
    loops, random, samples = side.looping, np.random.default_rng(0), len(whole.x[0])
    steps = loops.LOOPS[track](side.found.model) if compute else None

    def run(n: int) -> None:
        for _ in range(n):
            given = batches(whole, side.batch_size, random.permutation(samples))
            if steps is None:
                for _batch in given:
                    pass
            else:
                loops.taken(steps, given)

    return run


def training(side: Any, track: str, whole: Batch, orders: Iterator[Array]) -> Training:
    """Trains over the training set in these orders; the side's callback is called after an epoch, as by `fit`."""
    loops, found = side.looping, side.found
    steps = None if found.step else loops.LOOPS[track](found.model)
    ends = None if found.scheduler is None else EpochEnds(found.scheduler, found.model, 1)

    def epoch() -> None:
        given, loss = batches(whole, side.batch_size, next(orders)), None
        if steps is None:
            for x, y, *_ in given:
                loss = found.step(x, y)
        else:
            found.model._loss_tracker.reset_state()  # `fit` begins its running mean anew
            loss = loops.taken(steps, given)
        if ends is not None:
            ends.ended(side.number(loss))

    return Training(epoch)
