"""Zeros: the usual start of a bias. Keras 3.15 `zeros`, torch.nn.init.zeros_ (2.13), nnx.initializers.zeros (0.12)."""

from __future__ import annotations

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law

INITIALISER = InitialiserKind(
    "zeros",
    InitialiserOptions,
    lambda _options, _fan_in, _fan_out: Law("constant", (0.0,)),
    {"tensorflow": '"zeros"', "torch": "nn.init.zeros_({0})", "jax": "nnx.initializers.zeros"},
    "0",
)
