"""Mean of several values, element by element.

Keras' layer takes a list (keras/src/layers/merging/average.py, 3.15); PyTorch and JAX add and divide.
"""

from __future__ import annotations

from paragone.spelling.merging import keras_sum, merging
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled


def _divided(site: Site) -> Spelled:
    total = " + ".join(f"{{{index}}}" for index in range(len(site.inputs)))
    return Spelled(call=f"({total}) / {len(site.inputs)}")


LAYER = merging("average", "(a + b + …) / n", keras_sum("Average", " / {n}"), _divided, _divided, rows=("C11",))
