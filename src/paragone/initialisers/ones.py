"""Ones: the usual start of a scale. Keras 3.15 `ones`, torch.nn.init.ones_ (2.13), nnx.initializers.ones (0.12)."""

from __future__ import annotations

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law

INITIALISER = InitialiserKind(
    "ones",
    InitialiserOptions,
    lambda _options, _fan_in, _fan_out: Law("constant", (1.0,)),
    {"tensorflow": '"ones"', "torch": "nn.init.ones_({0})", "jax": "nnx.initializers.ones"},
    "1",
)
