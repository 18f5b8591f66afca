"""Training until a metric of the test set is good enough, epoch by epoch; only the training is timed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save

from paragone.errors import InputError
from paragone.frameworks.base import orders
from paragone.trials import write_whole
from paragone.workers.channel import Message
from paragone.workers.tracing import evaluate


class Quality:
    """A side that is built, at the start of such a training.

    Args:
        adapter: of the side.
        track: how its batches are made and its steps taken.
        seed: orders the samples of every epoch.
        metric: of the test set, `accuracy` or `loss`.
        start: a file that takes the side's starting weights if it is not there, and gives them if it is; empty for a
            side that starts from its own.
    """

    def __init__(self, adapter: Any, track: str, *, seed: int, metric: str, start: str):
        self._adapter = adapter
        self._metric = metric
        if start and Path(start).exists():
            adapter.put(load_file(start))
        elif start:
            write_whole(Path(start), save(dict(adapter.weights_lazily())))
        samples = max(adapter.data.n_train, adapter.batch_size)
        self.batches = samples // adapter.batch_size
        whole = adapter.batch(*adapter.data.train(adapter.view, np.arange(samples) % adapter.data.n_train))
        self._training = adapter.loops().training(adapter, track, whole, orders(samples, seed))

    def epoch(self) -> Message:
        """Train one epoch, then look at the test set: the seconds of each, and the metric."""
        began = time.perf_counter()
        self._training.epoch()
        trained = time.perf_counter()
        self._training.settle()
        value = evaluate(self._adapter)[0][self._metric]
        if value is None:
            raise InputError(f"this side's outputs have no {self._metric} on the test set", where="--until")
        return {"train_s": trained - began, "evaluate_s": time.perf_counter() - trained, "value": value}
