"""Softplus: log(1 + exp(x)).

Exact in keras.activations.softplus (3.15) and jax.nn.softplus (0.10). PyTorch gives x itself above a threshold, 20 by
default (torch/nn/functional.py, 2.13; row C4): 1.3e-9 off there. From 40 on both are the same number in float64.
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named
from paragone.spelling.site import Site
from paragone.spelling.spelled import Note, Spelled


def _torch(site: Site) -> Spelled:
    if not site.matched:
        return Spelled(call="F.softplus({0})")
    note = Note("C4", "PyTorch's softplus is x itself above 20 by default; above 40 that is exact")
    return Spelled(call="F.softplus({0}, threshold=40)", notes=(note,))


LAYER = activation("softplus", "log(1 + exp(x))", named("softplus"), _torch, called("nnx.softplus({0})"), rows=("C4",))
