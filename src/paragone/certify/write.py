"""Writes the certificate of a run into its folder, when everything else stands there."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from paragone.errors import shareable
from paragone.folder import CERTIFICATE, GIVEN_MAPPING, SAMPLES, side_path
from paragone.job import Job, code_digest
from paragone.prove.laboratory import Weights
from paragone.records import Run
from paragone.records.certificate import Certificate, CertifiedPair, CertifiedSide, CoveredFile
from paragone.saved import PAGE, RECORD
from paragone.sides.scan import SideFile
from paragone.trials import write_whole

DATA = "data.safetensors"
START = "start.safetensors"
DOES_NOT_SHOW = (
    "It is no signature: whoever can change the files can write another certificate. It shows that these files belong "
    "together and are as they were when it was written.",
    "It does not cover what a side reads beyond its own modules and the data: files that it opens, the network, the "
    "packages themselves, of which only the versions are named.",
    "The kept experiments are taken as they are; that the frameworks give them on this machine is shown by --again "
    "only.",
)
_CHUNK = 2**20
_OF_THIS_MACHINE = frozenset(
    {"out", "fresh", "budget_s", "profile", "tracks", "threads", "weights", "python", "mapping"}
)
"""Options that no proof depends on, or that name files of this machine: weights are kept as the start, a mapping file
as it was given, and of another interpreter its versions are part of a side's identity."""


def save_starts(folder: Path, starts: Sequence[Weights]) -> None:
    """Keep the weights that the sides started from, one file for each group of sides that can share them."""
    from safetensors.numpy import save

    for old in folder.glob("start*.safetensors"):
        old.unlink()
    for number, start in enumerate(starts, start=1):
        write_whole(folder / start_name(number), save(start))


def start_name(number: int) -> str:
    """The file of the weights that a group of sides started from; the largest group has number 1."""
    return START if number == 1 else f"start-{number}.safetensors"


def write_certificate(job: Job, run: Run) -> Path:
    """Write `certificate.json` over all that stands in the run's folder now and that the record rests on."""
    assert run.proof is not None
    proof = run.proof
    corrected = {(pair.a, pair.b): pair.verdict for pair in proof.corrected}
    named = {side.name for side in run.sides}
    sides = [side for side in job.sides if side.name in named]
    certificate = Certificate(
        paragone=run.paragone,
        code_sha256=code_digest(),
        created=run.created,
        name=run.name,
        verdict=proof.verdict,
        pairs=tuple(
            CertifiedPair(a=p.a, b=p.b, verdict=p.verdict, corrected=corrected.get((p.a, p.b), "not run"))
            for p in proof.pairs
        ),
        tolerances=proof.tolerances,
        floors=proof.floors,
        versions={name: v for table in job.packages.values() for name, v in table.items()},
        options=_options(job, sides),
        given_weights=job.weights.sha256 if job.weights is not None else "",
        sides=tuple(_side(job, side) for side in sides),
        files=tuple(covered(job.folder, name) for name in _names(job, sides)),
        does_not_show=DOES_NOT_SHOW,
    )
    path = job.folder / CERTIFICATE
    write_whole(path, canonical(certificate.model_copy(update={"seal": seal(certificate)})))
    return path


def canonical(certificate: Certificate) -> bytes:
    """The one form of a certificate as bytes."""
    content = certificate.model_dump(mode="json", by_alias=True)
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def seal(certificate: Certificate) -> str:
    """SHA-256 of everything in a certificate but its seal."""
    return hashlib.sha256(canonical(certificate.model_copy(update={"seal": ""}))).hexdigest()


def covered(folder: Path, name: str) -> CoveredFile:
    """A file of the folder with its hash."""
    with (folder / name).open("rb") as stream:
        return CoveredFile(path=name, sha256=sha256_of(stream.fileno()), bytes=os.fstat(stream.fileno()).st_size)


def sha256_of(descriptor: int) -> str:
    """SHA-256 of an open file."""
    digester = hashlib.sha256()
    while chunk := os.read(descriptor, _CHUNK):
        digester.update(chunk)
    return digester.hexdigest()


def _names(job: Job, sides: Sequence[SideFile]) -> list[str]:
    found = [RECORD, PAGE, DATA]
    found += [GIVEN_MAPPING] if (job.folder / GIVEN_MAPPING).is_file() else []
    found += sorted(path.name for path in job.folder.glob("start*.safetensors"))
    found += sorted(f"{SAMPLES}/{path.name}" for path in (job.folder / SAMPLES).glob("*.csv"))
    found += [name for side in sides for name in _files_of(side)]
    return [*dict.fromkeys(found), *job.trials.used()]


def _files_of(side: SideFile) -> Iterable[str]:
    yield side_path(side)
    home = side_path(side).rpartition("/")[0]
    yield from (f"{home}/{name}" for name, _ in side.beside)


def _options(job: Job, sides: Sequence[SideFile]) -> dict[str, Any]:
    """What was asked for, as far as the proof depends on it, and nothing about this machine."""
    said = asdict(job.options) | {"sides": [side.shown for side in sides], "data": job.data.record.source}
    said = {name: value for name, value in said.items() if name not in _OF_THIS_MACHINE}
    kept: dict[str, Any] = json.loads(json.dumps(said, default=str))
    return {name: shareable(value) if isinstance(value, str) else value for name, value in kept.items()}


def _side(job: Job, side: SideFile) -> CertifiedSide:
    spec = asdict(job.spec(side)) | {"file": side_path(side), "data": DATA, "weight_map": "", "python": ""}
    return CertifiedSide(
        name=side.name,
        framework=side.framework,
        file=side_path(side),
        shown=side.shown,
        selector=side.selector,
        sha256=side.sha256,
        preload=side.preload,
        weight_map=side.weight_map,
        identity=job.identity(side),
        spec=json.loads(json.dumps(spec)),
    )
