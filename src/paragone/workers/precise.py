"""A side that was built in another precision than float32: what was done, and whether it really computes in it."""

from __future__ import annotations

import inspect
from typing import Any

from paragone.errors import InputError
from paragone.workers.channel import Message


def precise(adapter: Any) -> Message:
    """Look at a forward pass and take a training step.

    Args:
        adapter: of a side that was built in a precision.

    Raises:
        InputError: none of its products is in the precision, or its parameters are not float32.
    """
    precision = adapter.precision
    batch = adapter.head(adapter.view)
    kept = {name: str(tensor.dtype) for name, tensor in adapter.native().items() if "float32" not in str(tensor.dtype)}
    if kept:
        name, dtype = next(iter(kept.items()))
        raise InputError(f"its {name} is {dtype.removeprefix('torch.')}, not float32", where="--precision")
    dtypes = precision.products(adapter, batch)
    in_it = dtypes.count(precision.name)
    if not in_it:
        what = f"none of the {len(dtypes)} matrix products and convolutions of a forward pass is computed in it"
        raise InputError(what if dtypes else "its forward pass has no matrix product", where="--precision")
    adapter.timed("idiomatic", [batch])(1)
    counted = f"{in_it} of {len(dtypes)} matrix products and convolutions of a forward pass are in {precision.name}"
    own = adapter.found.step is not None
    loop = "" if own else inspect.getsource(precision.loop(adapter.loops(), "LOOPS", "idiomatic"))
    return {"said": f"{precision.said(adapter)}; {counted}", "loop": loop}
