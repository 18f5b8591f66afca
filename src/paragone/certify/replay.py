"""Conducts a proof once more: from its kept experiments, or from the sides and the data in its folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from paragone.certify.write import DATA, START
from paragone.errors import InputError, WorkerFailure
from paragone.folder import GIVEN_MAPPING
from paragone.inspect_sides import packages_of
from paragone.options import CompareOptions
from paragone.prove.conduct import Conducted, conduct
from paragone.prove.given_weights import GivenWeights, read_weights
from paragone.prove.laboratory import Experiment, Laboratory
from paragone.records.certificate import Certificate, CertifiedSide
from paragone.sides.scan import SideFile
from paragone.trials import Trial, Trials
from paragone.workers.spawn import WorkerSpec


class Archive(Laboratory):
    """A laboratory that starts no worker: what was not kept counts as failed.

    An experiment that failed when the proof was made was not kept either, so the same sides drop out.
    """

    def __init__(self, identity: Mapping[str, Mapping[str, Any]], trials: Trials, folder: Path):
        super().__init__({name: WorkerSpec(name, "", "") for name in identity}, identity, trials, folder)
        self.missing: list[str] = []

    def _work(self, experiment: Experiment, _key: Mapping[str, Any]) -> Trial:
        self.missing.append(f"{experiment.op} of {experiment.side} in {experiment.dtype}")
        raise WorkerFailure(f"{self.missing[-1]} was not kept")


def derived(certificate: Certificate, folder: Path) -> tuple[Conducted | None, list[str]]:
    """The proof from the experiments that were kept in a folder, and those that were not; changes nothing there.

    There is no proof where it cannot go on without one that was not kept.

    Raises:
        InputError: what was kept is nothing that a run would have left.
    """
    sides = [_side_file(side, folder) for side in certificate.sides]
    identity = {side.name: side.identity for side in certificate.sides}
    with tempfile.TemporaryDirectory(prefix="paragone-check-") as scratch:
        archive = Archive(identity, Trials(folder, read_only=True), Path(scratch))
        with archive as lab:
            try:
                done = conduct(lab, sides, _options(certificate, folder), weights=_weights(certificate, folder))
            except WorkerFailure:
                done = None
        return done, archive.missing


def proven_again(certificate: Certificate, folder: Path, advance: Callable[[str], None]) -> Conducted:
    """The proof, run anew from the sides and the data in a folder; it works in a copy, which is deleted.

    Raises:
        InputError: a framework is not installed, or a side cannot be used.
    """
    with tempfile.TemporaryDirectory(prefix="paragone-check-") as scratch:
        copy = Path(scratch)
        wanted = {side.file.rpartition("/")[0] + "/" for side in certificate.sides}
        for one in certificate.files:
            if one.path == DATA or any(one.path.startswith(home) for home in wanted):
                (copy / one.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / one.path, copy / one.path, follow_symlinks=False)
        sides = [_side_file(side, copy) for side in certificate.sides]
        for side in sides:
            packages_of(side)
        options = _options(certificate, folder)
        specs = {side.name: replace(_spec(side, copy), steps=options.steps) for side in certificate.sides}
        identity = {side.name: side.identity for side in certificate.sides}
        with Laboratory(specs, identity, Trials(copy), copy, advance) as lab:
            return conduct(lab, sides, options, weights=_weights(certificate, folder))


def _weights(certificate: Certificate, folder: Path) -> GivenWeights | None:
    """The weights that were given, as they were kept: those that the largest group of sides started from."""
    if not certificate.given_weights:
        return None
    return replace(read_weights(folder / START), shown=START, sha256=certificate.given_weights)


def _options(certificate: Certificate, folder: Path) -> CompareOptions:
    """What was asked for; with the mapping file that was given, if one was, as it was kept."""
    given = any(one.path == GIVEN_MAPPING for one in certificate.files)
    known = _known(certificate.options, CompareOptions)
    return CompareOptions(**{**known, "mapping": folder / GIVEN_MAPPING if given else None})


def _spec(side: CertifiedSide, folder: Path) -> WorkerSpec:
    return replace(
        WorkerSpec(**_known(side.spec, WorkerSpec)),
        file=str(folder / side.file),
        data=str(folder / DATA),
        weight_map=side.weight_map,
        threads=1,
        python="",
    )


def _known(said: Mapping[str, Any], kind: type[CompareOptions] | type[WorkerSpec]) -> dict[str, Any]:
    """The arguments of a class as a certificate has them; what another version knew besides is left out."""
    names = kind.__dataclass_fields__
    return {name: tuple(v) if isinstance(v, list) else v for name, v in said.items() if name in names}


def _side_file(side: CertifiedSide, folder: Path) -> SideFile:
    """The side as it is kept; only a file that the certificate covers is read."""
    path = folder / side.file
    try:
        code = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError("A kept side cannot be read.", where=side.file, received=str(error)) from None
    return SideFile(
        name=side.name,
        path=path,
        shown=side.shown,
        selector=side.selector,
        framework=side.framework,
        code=code,
        sha256=side.sha256,
        preload=side.preload,
        weight_map=side.weight_map,
    )
