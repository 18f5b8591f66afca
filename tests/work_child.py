"""Counts of operations by somebody else: `python -m tests.work_child FRAMEWORK FILE DATA MAP`, which prints JSON.

PyTorch's `FlopCounterMode` counts matrix products and convolutions as they are called; XLA's cost analysis counts what
its compiler left of them, and everything else.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from paragone.workers.dataset import DataSet
from paragone.workers.spawn import WorkerSpec
from paragone.workers.work import work_of_side

BATCH = 4


def main() -> None:
    framework, file, data, weight_map = sys.argv[1:]
    spec = WorkerSpec("side", framework, file, data=data, batch_size=BATCH, threads=1, weight_map=weight_map)
    adapter = import_module(f"paragone.frameworks.{framework}.worker").ADAPTER(asdict(spec), DataSet(Path(data)))
    adapter.build(0)
    found = work_of_side(adapter)
    ours = {"forward": found.forward_flops, "step": found.step_flops(BATCH), "unknown": found.unknown}
    print(json.dumps({**ours, **{"torch": _torch, "jax": _jax}.get(framework, lambda _: {})(adapter)}))


def _torch(adapter: Any) -> dict[str, float]:
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    torch.backends.mkldnn.enabled = False  # its recurrent layers are one call, which is not counted
    torch.backends.mha.set_fastpath_enabled(False)
    batch = adapter.head(adapter.view)
    adapter.found.model.train()
    with sdpa_kernel(SDPBackend.MATH):
        with FlopCounterMode(display=False) as forward:
            adapter.found.model(*batch.x)
        with FlopCounterMode(display=False) as step:
            adapter.step(batch)
    return {"their_forward": forward.get_total_flops() / BATCH, "their_step": step.get_total_flops()}


def _jax(adapter: Any) -> dict[str, float]:
    import jax
    from flax import nnx

    graph, state = nnx.split(adapter.found.model)
    batch = adapter.head(adapter.view)
    forward = jax.jit(lambda state, x: nnx.merge(graph, state)(*x)).lower(state, batch.x).compile()
    return {"their_forward": forward.cost_analysis()["flops"] / BATCH}


if __name__ == "__main__":
    main()
