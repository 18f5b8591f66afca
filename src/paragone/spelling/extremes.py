"""Spellings of the largest and the smallest of several values, which differ where values are equal (row C9)."""

from __future__ import annotations

from paragone.layers.base import LayerKind
from paragone.spelling.merging import in_pairs, keras_merge, merging
from paragone.spelling.site import Impossible, Site, Write
from paragone.spelling.spelled import Helper, Note, Spelled


def extreme(name: str, computes: str) -> LayerKind:
    """`maximum` or `minimum`, of two at a time from the left."""
    return merging(name, computes, _keras(name), _in_pairs(f"torch.{name}"), _in_pairs(f"jnp.{name}"), rows=("C9",))


def _in_pairs(function: str) -> Write:
    return lambda site: Spelled(call=in_pairs(site, function))


def _keras(name: str) -> Write:
    helper = Helper(
        name,
        f'''
def {name}(a, b):
    """The {name} of two values; equal ones share the gradient."""
    return ops.where(a == b, (a + b) / 2, ops.{name}(a, b))
''',
        Note("C9", f"TensorFlow's own {name} gives the gradient of equal values to the first"),
    )

    def write(site: Site) -> Spelled | Impossible:
        if not site.matched:
            return keras_merge(name.capitalize())(site)
        return Spelled(call=in_pairs(site, name), helpers=(helper,))

    return write
