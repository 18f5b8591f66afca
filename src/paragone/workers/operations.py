"""What a worker can be asked: the operations of the proof and of the timing, on one side."""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from paragone.frameworks.registry import frameworks
from paragone.workers.channel import Message
from paragone.workers.memory import peak_bytes, resident_bytes

Operation = Callable[..., Message]


@dataclass(frozen=True)
class Imported:
    """A framework's adapter, and what it took to import it.

    Args:
        adapter: its class.
        wall_s: time on the clock.
        cpu_s: processor time.
    """

    adapter: Any
    wall_s: float = 0.0
    cpu_s: float = 0.0


@cache
def load(framework: str, preload: tuple[str, ...]) -> Imported:
    """Import a framework's adapter, after the modules that must come before it; once in a process.

    The backend is that which the environment names, as for Keras itself.
    """
    began, began_cpu = time.perf_counter(), time.process_time()
    for name in preload:
        import_module(name)
    descriptor, backend = frameworks()[framework], os.environ.get("KERAS_BACKEND", "")
    module = import_module((descriptor.on(backend) if backend in descriptor.elsewhere else descriptor).worker)
    return Imported(module.ADAPTER, time.perf_counter() - began, time.process_time() - began_cpu)


def _nothing(n: int) -> None:
    """What stands for the steps of a side that is let go."""
    raise RuntimeError(f"asked for {n} steps of no side")


class Session:
    """One side in this process, and the operations on it.

    Args:
        spec: a `WorkerSpec` as plain data.
        spawned_ns: when the parent started this process (CLOCK_MONOTONIC).
    """

    def __init__(self, spec: dict[str, Any], spawned_ns: int):
        self.spec = spec
        self.spawned_ns = spawned_ns
        self.waited_ns = 0
        self._ready_ns = time.monotonic_ns()
        self._adapter: Any = None
        self._applied: str | None = None
        self._seed = 0
        self._run: Callable[[int], None] = _nothing
        self._steps = 0
        self._quality: Any = None
        self.imported = Imported(None)

    def serve(self, op: str, arguments: Message) -> Message:
        """Do one operation, by its name."""
        operation: Operation = getattr(self, f"op_{op}")
        return operation(**arguments)

    # ------------------------------------------------------------------ the proof

    def op_describe(self, seed: int, *, timed: bool = True) -> Message:
        """Build the side and say what it is, and, if `timed`, how long a step takes."""
        from paragone.workers.describe import describe

        adapter = self._built(seed, [])
        return {**describe(adapter, timed=timed), "import_cpu_s": self.imported.cpu_s}

    def op_draw(self, builds: int, seed: int, out: str, most: int = 0) -> Message:
        """Build the side several times and save the starting weights of each."""
        from paragone.workers.tracing import draw

        self._applied = None
        return draw(self._imported(), builds, seed, Path(out), most)

    def op_adopt(self, seed: int, given: str, out: str) -> Message:
        """Bring weights under the side's own names to canonical ones."""
        from paragone.workers.adopt import adopt

        return adopt(self._built(seed, []), given, out)

    def op_trace(self, traits: list[dict[str, Any]], seed: int, **arguments: Any) -> Message:
        """Climb the rungs on this side alone and save what is to be compared."""
        from paragone.workers.tracing import trace

        return trace(self._changed(seed, traits), seed=seed, **arguments)

    def op_floor(self, traits: list[dict[str, Any]], seed: int, **arguments: Any) -> Message:
        """Train under rounding noise and say how far this side drifts from itself."""
        from paragone.workers.tracing import floor

        return floor(self._built(seed, traits), seed=seed, **arguments)

    def op_train(self, traits: list[dict[str, Any]], seed: int, **arguments: Any) -> Message:
        """Train from several starts and say what was learned."""
        from paragone.workers.tracing import train

        return train(self._built(seed, traits), seed=seed, **arguments)

    def op_tape(self, traits: list[dict[str, Any]], seed: int, **arguments: Any) -> Message:
        """Record one pass: every value by its fingerprint, and what it was made from."""
        from paragone.workers.taping import tape

        return tape(self._built(seed, traits), seed=seed, **arguments)

    def op_cutout(self, traits: list[dict[str, Any]], seed: int, **arguments: Any) -> Message:
        """Save what a statement of the side's file was given, so that it can be run alone."""
        from paragone.workers.cutout import cutout

        return cutout(self._built(seed, traits), **arguments)

    # ------------------------------------------------------------------ the alignment

    def op_parameters(self, seed: int, traits: list[dict[str, Any]]) -> Message:
        """Build the side and say where it keeps which parameters; then `outputs_with` may be asked."""
        from paragone.workers.parameters import parameters

        adapter = self._built(seed, traits)
        self._applied = None
        return parameters(adapter)

    def op_outputs_with(self, **arguments: Any) -> Message:
        """Outputs with given parameters, which go by the side's own paths."""
        from paragone.workers.parameters import outputs_with

        return outputs_with(self._adapter, **arguments)

    def op_map(self, weight_map: str) -> Message:
        """From the next build on, the side's weights are where this map says."""
        self._imported().adopt(weight_map)
        self._applied = None
        return {}

    # ------------------------------------------------------------------ the deployment

    def op_examples(self, seed: int, steps: int, out: str) -> Message:
        """Build the side without watching it, train it, and say what it gives for which inputs."""
        from paragone.workers.deploying import examples

        adapter = self._imported()
        adapter.observing = False
        adapter.build(seed)
        return examples(adapter, seed=seed, steps=steps, out=Path(out))

    def op_export(self, **arguments: Any) -> Message:
        """Write the side as it is now in a format."""
        from paragone.workers.deploying import export

        return export(self._adapter, formats=frameworks()[self.spec["framework"]].formats, **arguments)

    # ------------------------------------------------------------------ the timing

    def op_precise(self, seed: int) -> Message:
        """Build the side in the precision that it is timed in, and say what was done and what came of it."""
        from paragone.workers.precise import precise

        adapter = self._imported()
        adapter.observing = False
        adapter.build(seed)
        return precise(adapter)

    def op_time_start(self, track: str) -> Message:
        """Build, take the first two steps, and say where the time went."""
        start_s = (self._ready_ns - self.spawned_ns) / 1e9
        adapter = self._imported()
        after_import = resident_bytes()
        build_s = self._ready(adapter, track)
        after_build = resident_bytes()
        first_s, second_s = self._timed(1), self._timed(1)
        return {
            "phases_s": {
                "start": start_s,
                "import": self.imported.wall_s,
                "build": build_s,
                "compile": max(0.0, first_s - second_s),
                "first_step": min(first_s, second_s),
            },
            "second_step_s": second_s,
            "memory_bytes": {"after_import": after_import, "after_build": after_build},
        }

    def op_time_at(self, track: str, spec: dict[str, Any]) -> Message:
        """Let go of what was timed before, build the side as this specification says, and take the first two steps."""
        if self._adapter is not None:
            self._adapter.forget_compiled()
        self.spec, self._adapter = spec, None
        self._run = _nothing
        gc.collect()
        build_s = self._ready(self._imported(), track)
        first_s, second_s = self._timed(1), self._timed(1)
        return {"ready_s": build_s + first_s + second_s, "second_step_s": second_s}

    def _ready(self, adapter: Any, track: str) -> float:
        """Build the side and make its steps; the seconds that it took."""
        began = time.perf_counter()
        adapter.observing = False
        adapter.build(int(self.spec["seed"]))
        self._run = adapter.timed(track, self._batches(adapter, adapter.batch_size))
        return time.perf_counter() - began

    def op_time_inference(self, track: str, batch_size: int) -> Message:
        """Build the side anew and call its model twice in evaluation mode; `time_steps` then counts calls.

        Anew, because a tuned loop may have given the memory of the model's weights away.
        """
        adapter = self._imported()
        adapter.forget_compiled()
        adapter.observing = False
        began = time.perf_counter()
        adapter.build(int(self.spec["seed"]))
        self._run = adapter.inferred(track, self._batches(adapter, batch_size))
        self._run(1)
        called = time.perf_counter()
        self._run(1)
        ended = time.perf_counter()
        return {"ready_s": ended - began, "second_step_s": ended - called}

    def op_time_epoch(self, track: str, *, compute: bool) -> Message:
        """Build the side anew and go over the training set once; `time_steps` then counts epochs.

        Args:
            track: how the batches are made, and the steps taken.
            compute: whether a training step is taken with each batch, or it is only made.
        """
        import numpy as np

        adapter = self._imported()
        adapter.forget_compiled()
        adapter.observing = False
        began = time.perf_counter()
        adapter.build(int(self.spec["seed"]))
        batches = max(1, adapter.data.n_train // adapter.batch_size)
        rows = np.arange(batches * adapter.batch_size) % adapter.data.n_train
        whole = adapter.batch(*adapter.data.train(adapter.view, rows))
        self._run = adapter.loops().epochs(adapter, track, whole, compute=compute)
        self._run(1)
        called = time.perf_counter()
        self._run(1)
        ended = time.perf_counter()
        return {"ready_s": ended - began, "second_step_s": ended - called, "batches": batches}

    def op_time_until(self, track: str, seed: int, metric: str, start: str) -> Message:
        """Build the side anew, to be trained until a metric is good enough; `time_until_epoch` then trains an epoch."""
        from paragone.workers.quality import Quality

        adapter = self._imported()
        adapter.forget_compiled()
        adapter.observing = False
        began = time.perf_counter()
        adapter.build(seed)
        self._quality = Quality(adapter, track, seed=seed, metric=metric, start=start)
        return {"ready_s": time.perf_counter() - began, "batches": self._quality.batches}

    def op_time_until_epoch(self) -> Message:
        """Train one epoch, and say how good the model is by now."""
        return dict(self._quality.epoch())

    def op_time_products(self, *, count: bool) -> Message:
        """The best matrix products of this process; and, if it is to `count`, the work of the side's model."""
        from paragone.workers.work import best_products, work_of_side

        adapter = self._imported()
        work: Message = {}
        began = time.perf_counter()
        if count:
            adapter.forget_compiled()
            adapter.observing = True
            adapter.build(int(self.spec["seed"]))
            found = work_of_side(adapter)
            work = {"forward_flops": found.forward_flops, "unknown": found.unknown}
        products = best_products(adapter)
        return {**work, "products": products, "spent_s": time.perf_counter() - began}

    def op_time_steps(self, n: int) -> Message:
        """Take n training steps over batches that are in memory, and wait for the last."""
        return {"elapsed_s": self._timed(n)}

    def op_time_end(self) -> Message:
        """The kernel's high-water mark, and the time that this process worked."""
        wall_s = (time.monotonic_ns() - self.spawned_ns) / 1e9
        return {
            "peak_bytes": peak_bytes(),
            "wall_s": wall_s,
            "accounted_s": wall_s - self.waited_ns / 1e9,
            "steps": self._steps,
        }

    def _timed(self, n: int) -> float:
        began = time.perf_counter()
        self._run(n)
        elapsed_s = time.perf_counter() - began
        self._steps += n
        return elapsed_s

    @staticmethod
    def _batches(adapter: Any, size: int) -> list[Any]:
        """Up to 16 batches in memory; a batch that is larger than the data has samples of it several times."""
        import numpy as np

        data = adapter.data
        count = max(1, min(16, data.n_train // size))
        rows = [np.arange(i * size, (i + 1) * size) % data.n_train for i in range(count)]
        return [adapter.batch(*data.train(adapter.view, row)) for row in rows]

    # ------------------------------------------------------------------ the adapter

    def _imported(self) -> Any:
        if self._adapter is None:
            self.imported = load(self.spec["framework"], tuple(self.spec["preload"]))
            self._adapter = self._made(self.imported.adapter)
        return self._adapter

    def _made(self, adapter: Any) -> Any:
        import sys

        from paragone.workers.dataset import DataSet, View

        home = str(Path(self.spec["file"]).parent)
        if sys.path[0] != home:
            sys.path.insert(0, home)
        made = adapter(self.spec, DataSet(Path(self.spec["data"])))
        if self.spec["view"]:
            made.view = View(**json.loads(self.spec["view"]))
        return made

    def _built(self, seed: int, traits: list[dict[str, Any]]) -> Any:
        """The adapter, built with exactly these interventions; built anew only where they differ."""
        return self._with(seed, traits, lambda _adapter: False)

    def _changed(self, seed: int, traits: list[dict[str, Any]]) -> Any:
        """The adapter with exactly these interventions; its weights may be anything."""
        return self._with(seed, traits, lambda adapter: self._seed == seed and adapter.taken_back())

    def _with(self, seed: int, traits: list[dict[str, Any]], taken_back: Callable[[Any], bool]) -> Any:
        adapter = self._imported()
        wanted = json.dumps([seed, traits], sort_keys=True)
        if self._applied != wanted:
            built, self._applied = self._applied is not None, None  # a change that fails leaves a side of no use
            if not built or not taken_back(adapter):
                adapter.build(seed)
            adapter.intervene(traits)
            self._applied, self._seed = wanted, seed
        return adapter
