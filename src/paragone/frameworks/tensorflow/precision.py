"""Keras in bfloat16: the policy `mixed_bfloat16`, which stands before the side's file makes its layers.

Layers compute in bfloat16 and keep their variables in float32; Keras' losses bring outputs to float32. Sources, of
Keras 3.15: https://keras.io/api/mixed_precision/ and https://keras.io/api/mixed_precision/policy/
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

from paragone.frameworks.base import Batch
from paragone.frameworks.precision import Precision
from paragone.frameworks.tensorflow.finding import given
from paragone.measure.precision import BFLOAT16

_POLICY = "mixed_bfloat16"
_PRODUCTS = {
    *("MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "Einsum"),
    *("Conv2D", "Conv3D", "DepthwiseConv2dNative", "Conv2DBackpropInput", "Conv3DBackpropInputV2"),
}


@contextmanager
def around() -> Iterator[None]:
    """The policy is set and stays: layers that are made while the model is built come under it as well."""
    keras.config.set_dtype_policy(_POLICY)
    yield


def said(side: Any) -> str:
    """What was done."""
    loss = "the loss is computed in float32" if side.found.step is None else "its own train_step computes the loss"
    return f'keras.config.set_dtype_policy("{_POLICY}") before the file runs; the variables stay float32, and {loss}'


def products(side: Any, batch: Batch) -> list[str]:
    """Of the graph of a call of the model."""
    model = side.found.model
    called = tf.function(lambda x: model(x, training=True)).get_concrete_function(given(batch))
    graph = called.graph.as_graph_def()
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    return [_dtype(node) for node in nodes if node.op in _PRODUCTS]


def _dtype(node: Any) -> str:
    attribute = node.attr["T"] if "T" in node.attr else node.attr["Ta"]
    return str(tf.as_dtype(attribute.type).name)


PRECISIONS = {BFLOAT16: Precision(BFLOAT16, around=around, said=said, products=products)}
