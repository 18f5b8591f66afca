"""Computes losses in a graph of TensorFlow whose batches may be of any size, and prints them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from paragone.frameworks.tensorflow.numbers import TensorflowNumbers
from paragone.meaning.loss import Meaning, evaluated


def computed(cases: list[dict[str, Any]]) -> list[float]:
    arrays = [(np.array(case["output"]), np.array(case["target"], case["kind"])) for case in cases]
    meanings = [Meaning(**case["meaning"]) for case in cases]

    @tf.function(autograph=False)
    def losses(pairs: list[tuple[Any, Any]]) -> list[Any]:
        return [evaluated(TensorflowNumbers(), one, *pair) for one, pair in zip(meanings, pairs, strict=True)]

    specs = [tuple(tf.TensorSpec([None, *array.shape[1:]], array.dtype) for array in pair) for pair in arrays]
    graph = losses.get_concrete_function(specs)
    return [float(loss) for loss in graph([tuple(map(tf.constant, pair)) for pair in arrays])]


if __name__ == "__main__":
    print(json.dumps(computed(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
