"""Models in which a word stands among others: channels first in PyTorch, shared objects, arrays of several kernels."""

from __future__ import annotations

from typing import Any

from .lab import Case

ADAFACTOR = {"kind": "adafactor", "learning_rate": 0.02, "epsilon_1": 1e-8}
STEPS = 60


def _case(name: str, inputs: list[dict[str, Any]], layers: list[dict[str, Any]], **more: Any) -> Case:
    steps = more.pop("steps", 3)
    table = {
        "name": "case",
        "data": {"source": "digits"},
        "model": {"inputs": inputs, "layers": [*layers, {"name": "head", "kind": "dense", "units": 3}]},
        "targets": [{"name": "wanted", "shape": [3]}],
        "loss": {"kind": "mean_squared_error"},
        "optimizer": {"kind": "sgd", "learning_rate": 0.05},
        **more,
    }
    return Case(name, table, {"tokens": 5}, steps)


def _conv(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": "conv", "filters": 4, "kernel_size": 3, "padding": "same", **more}


IMAGE = [{"name": "image", "shape": [5, 4, 2]}]
PAIR = [{"name": "left", "shape": [6]}, {"name": "right", "shape": [6]}]
FLAT: dict[str, Any] = {"name": "flat", "kind": "flatten"}
SEQUENCE: list[dict[str, Any]] = [
    {"name": "valid", "kind": "padding_mask", "input": "tokens"},
    {"name": "vectors", "kind": "embedding", "vocabulary_size": 5, "units": 6, "input": "tokens"},
    {"name": "placed", "kind": "positional_embedding"},
]
CASES = (
    _case(
        "norm_of_all_axes_channels_first",
        IMAGE,
        [_conv("one"), {"name": "norm", "kind": "layer_norm", "last_axes": 3}, _conv("two"), FLAT],
    ),
    _case(
        "norm_of_two_axes_channels_first",
        IMAGE,
        [_conv("one"), {"name": "norm", "kind": "layer_norm", "last_axes": 2}, _conv("two"), FLAT],
    ),
    _case(
        "norm_shared_over_both_layouts",
        IMAGE,
        [
            {"name": "norm", "kind": "layer_norm", "last_axes": 3},
            _conv("one", filters=2),
            {"name": "again", "kind": "layer_norm", "shares": "norm"},
            FLAT,
        ],
    ),
    _case(
        "shared_with_another_activation",
        PAIR,
        [
            {"name": "one", "kind": "dense", "units": 4, "input": "left", "activation": "relu"},
            {"name": "two", "kind": "dense", "shares": "one", "input": "right", "activation": "tanh"},
            {"name": "both", "kind": "add", "input": ["one", "two"]},
        ],
    ),
    _case(
        "shared_recurrent",
        [{"name": "left", "shape": [4, 3]}, {"name": "right", "shape": [4, 3]}],
        [
            {"name": "one", "kind": "lstm", "units": 3, "bidirectional": True, "input": "left"},
            {"name": "two", "kind": "lstm", "shares": "one", "input": "right"},
            {"name": "both", "kind": "multiply", "input": ["one", "two"]},
        ],
    ),
    _case(
        "gate_of_channels",
        IMAGE,
        [
            _conv("one"),
            {"name": "squeezed", "kind": "global_average_pool", "keepdims": True},
            {"name": "excited", "kind": "dense", "units": 4, "activation": "sigmoid"},
            {"name": "gated", "kind": "multiply", "input": ["one", "excited"]},
            _conv("two", kind="conv_transpose", dilation=2),
            FLAT,
        ],
    ),
    _case(
        "mask_of_one_layer_alone",
        [{"name": "tokens", "shape": [5], "kind": "int"}],
        [
            *SEQUENCE,
            {"name": "one", "kind": "lstm", "units": 3, "return_sequences": True, "input": ["placed", "valid"]},
            {"name": "two", "kind": "simple_rnn", "units": 2, "return_sequences": True},
            {"name": "look", "kind": "multi_head_attention", "num_heads": 1, "key_dim": 2},
        ],
        targets=[{"name": "wanted", "shape": [5, 3]}],
    ),
    _case(
        "adafactor_image",
        IMAGE,
        [
            _conv("one", activation="relu"),
            {"name": "deep", "kind": "depthwise_conv", "kernel_size": (3, 2), "strides": (2, 1), "depth_multiplier": 2},
            {"name": "slopes", "kind": "prelu", "per_channel": True, "start": 0.2},
            {"name": "norm", "kind": "layer_norm", "last_axes": 3},
            {"name": "up", "kind": "conv_transpose", "filters": 2, "kernel_size": 2, "strides": 2},
            FLAT,
        ],
        optimizer=ADAFACTOR,
        steps=STEPS,
    ),
    _case(
        "adafactor_sequence",
        [{"name": "tokens", "shape": [5], "kind": "int"}],
        [
            *SEQUENCE,
            {"name": "gru", "kind": "gru", "units": 6, "return_sequences": True, "input": ["placed", "valid"]},
            {"name": "look", "kind": "multi_head_attention", "num_heads": 2, "key_dim": 3, "dropout": 0.1},
            {"name": "lstm", "kind": "lstm", "units": 4},
        ],
        optimizer=ADAFACTOR,
        schedule={"kind": "warmup_cosine", "warmup": 5, "steps": 50},
        clipping={"kind": "global_norm", "limit": 1.0},
        steps=STEPS,
    ),
)
