"""Every call of a Keras layer or of a function of TensorFlow that a model makes, passed to `Sites`.

Keras' layers, activations and `keras.ops` all end in the functions of its backend, which are looked up by name: a
stand-in there sees them, however a file came by them. A functional model calls operations, which are no layers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras

from paragone.calls.sites import Sites


def watch(model: Any, sites: Sites) -> None:
    """From now on the calls of this model, its layers and its operations are passed to `sites`."""
    for operation in {id(one): one for one in _operations(model)}.values():
        watch_one(operation, sites)


def watch_one(operation: Any, sites: Sites) -> None:
    """From now on the calls of this layer or operation are passed to `sites`, whatever it does by now."""
    object.__setattr__(operation, "call", _passing(operation, operation.call, sites))


def _operations(model: Any) -> Iterator[Any]:
    for layer in model._flatten_layers():
        yield layer
        yield from (one for one in getattr(layer, "operations", ()) if not isinstance(one, keras.layers.Layer))


def _passing(operation: Any, own: Callable[..., Any], sites: Sites) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        if sites.idle:
            return own(*args, **kwargs)
        return sites.layer(operation, own, args, kwargs)

    return call
