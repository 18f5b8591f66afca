"""Records one pass of a side on a tape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.frameworks.base import Array, Batch
from paragone.frameworks.common import SideAdapter
from paragone.workers import probes
from paragone.workers.channel import Message
from paragone.workers.tape import Recorder, Wanted
from paragone.workers.tracing import batches_of


def tape(
    adapter: SideAdapter,
    *,
    seed: int,
    start: str,
    mode: str,
    rows: Sequence[int] | None,
    probe: str,
    out: str,
    folder: str = "",
    name: str = "",
    values: Sequence[int] = (),
    given: Mapping[str, Sequence[Any]] | None = None,
) -> Message:
    """Play one pass and save its fingerprints.

    Args:
        adapter: the built side.
        seed: orders the batches.
        start: file of the weights to start from.
        mode: `forward` (evaluation mode) or `loss` (training mode, and the loss).
        rows: of the test set; None for the first batch of it.
        probe: which of the ladder's probes (see `paragone.workers.probes`), or the batch that the gradients are of.
        out: file that takes the fingerprints.
        folder: where arrays are saved and found.
        name: of this side, in the names of saved arrays.
        values: numbers of values to save.
        given: see `Wanted.given`.
    """
    weights = {key: array.astype(adapter.dtype) for key, array in load_file(start).items()}
    adapter.load(probes.sharpened(weights) if probe == probes.SHARP else weights)
    places = {key: (str(file), tuple(axes), bool(lacks)) for key, (file, axes, lacks) in (given or {}).items()}
    recorder = Recorder(Wanted(Path(folder) if folder else None, frozenset(values), name, places))
    batch = next(batches_of(adapter, seed)) if probe == probes.GRADIENTS else batch_of(adapter, rows, probe)
    player(adapter).play(adapter, batch, mode, recorder)
    save_file(recorder.arrays(), out)
    return recorder.message()


class Player(Protocol):
    """What the module `tape` beside a framework's `worker` offers."""

    def play(self, side: Any, batch: Batch, mode: str, recorder: Recorder) -> None:
        """Run the model in evaluation mode (`forward`), or the training loss (`loss`), and record every value."""

    def run(self, side: Any, batch: Batch) -> None:
        """The model in evaluation mode, eagerly."""

    def modules(self, side: Any) -> dict[str, Any]:
        """The modules of the model by their paths."""

    def state(self, module: Any) -> dict[str, Array]:
        """The weights of one module, without those of the modules inside it."""

    def is_tensor(self, value: Any) -> bool:
        """Whether it is a value of the framework."""

    def leaves(self, tree: Any) -> list[Any]:
        """The tensors of a structure."""

    def array(self, tensor: Any) -> Array:
        """A tensor as an array."""


if TYPE_CHECKING:
    from paragone.frameworks.jax import tape as jax_tape
    from paragone.frameworks.tensorflow import tape as tensorflow_tape
    from paragone.frameworks.tensorflow.elsewhere import tape as elsewhere_tape
    from paragone.frameworks.torch import tape as torch_tape

    _PLAYERS: tuple[Player, ...] = (tensorflow_tape, elsewhere_tape, torch_tape, jax_tape)


def player(adapter: SideAdapter) -> Player:
    """The module of a framework that plays passes."""
    return cast(Player, import_module(f"{type(adapter).__module__.rpartition('.')[0]}.tape"))


def batch_of(adapter: SideAdapter, rows: Sequence[int] | None, probe: str) -> Batch:
    """Rows of the test set under a probe, as the side takes them."""
    assert adapter.view is not None
    wanted = slice(0, adapter.batch_size) if rows is None else np.asarray(rows, dtype=np.int64)
    _, change = {**probes.FORWARD, **probes.LOSS}.get(probe, (None, None))
    changed = adapter.data.probe(adapter.view, wanted, change) if change else None
    return adapter.batch(*(changed or adapter.data.test(adapter.view, wanted)))
