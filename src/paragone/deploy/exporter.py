"""A side in its worker, ready to be written: built, trained, asked what it gives, and then written format by format."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from paragone.deploy.formats import FORMATS
from paragone.deploy.judge import Examples
from paragone.errors import ParagoneError
from paragone.mapped import mapped
from paragone.workers.spawn import Worker, WorkerSpec

_PATIENCE_S = 900.0


class Exporter:
    """One side's worker; a context manager that leaves no worker behind.

    Args:
        spec: of the side, with the view of its data.
        seed: orders the batches.
        steps: training steps before anything is written.
        scratch: a folder for what passes between the processes.
        log: takes what the worker prints.
    """

    def __init__(self, spec: WorkerSpec, seed: int, steps: int, scratch: Path, log: Path):
        self._spec = replace(spec, dtype="float32")
        self._seed = seed
        self._steps = steps
        self._scratch = scratch
        self._log = log
        self._worker: Worker | None = None
        self._examples: Examples | None = None
        self._failure: ParagoneError | None = None

    def examples(self) -> Examples:
        """What the trained side gives. A worker that died starts again, and trains again; a side that failed does not.

        Raises:
            ParagoneError: the side cannot be built, trained or asked.
        """
        if self._failure is not None:
            raise self._failure
        if self._examples is None or self._worker is None or not self._worker.alive:
            try:
                self._examples = self._trained()
            except ParagoneError as error:
                self._failure = error
                raise
        return self._examples

    def _trained(self) -> Examples:
        self._scratch.mkdir(parents=True, exist_ok=True)
        self._worker = Worker(self._spec, self._log, f"logs/{self._log.name}")
        said = self._ask("examples", seed=self._seed, steps=self._steps, out=str(self._given))
        return Examples(mapped(self._given), said["cases"], said["floors"], said["rounded"], said["n_classes"])

    def write(self, format_name: str, folder: Path) -> dict[str, Any]:
        """Write the side in a format; the folder is empty before.

        Returns:
            `missing`: packages that it needs; or `why`: what the framework refused with; or neither.

        Raises:
            WorkerFailure: the worker died of it.
        """
        self.examples()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        path = folder.resolve() / FORMATS[format_name].file
        return self._ask("export", written=format_name, given=str(self._given), path=str(path))

    def _ask(self, op: str, **arguments: Any) -> dict[str, Any]:
        assert self._worker is not None
        return self._worker.call(op, timeout_s=_PATIENCE_S, **arguments)

    @property
    def _given(self) -> Path:
        return self._scratch.resolve() / "examples.safetensors"

    def __enter__(self) -> Exporter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._worker is not None:
            self._worker.close()
