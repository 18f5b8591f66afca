"""Records of a certificate: what a proof rests on, and what came of checking it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from paragone.records.base import Record, SameVerdict
from paragone.records.proof import Floor

CERTIFICATE_SCHEMA = "paragone.certificate/1"


class CoveredFile(Record):
    """One file of the run's folder: its path in it, with slashes, its SHA-256 and its size."""

    path: str
    sha256: str
    bytes: int = Field(ge=0)


class CertifiedSide(Record):
    """What a side was run as.

    Args:
        file: its path in the run's folder.
        shown: the file as the record calls it.
        identity: what its results depend on: its bytes, the data, versions, options.
        spec: what its workers were started with, without the paths of this machine.
    """

    name: str
    framework: str
    file: str
    shown: str
    selector: str
    sha256: str
    preload: tuple[str, ...] = ()
    weight_map: str = ""
    identity: dict[str, Any]
    spec: dict[str, Any]


class CertifiedPair(Record):
    """The verdict of a pair, as written and with the causes removed."""

    a: str
    b: str
    verdict: SameVerdict
    corrected: SameVerdict = "not run"


class Certificate(Record):
    """What a proof rests on.

    `given_weights` is the SHA-256 of the file of weights that was given, or empty; the weights themselves are kept in
    `start.safetensors`, under canonical names. `seal` is the SHA-256 of all the rest; it shows a slip, and is no
    signature.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: str = Field(default=CERTIFICATE_SCHEMA, alias="schema")
    paragone: str
    code_sha256: str
    created: str
    name: str
    verdict: SameVerdict
    pairs: tuple[CertifiedPair, ...]
    tolerances: dict[str, float]
    floors: tuple[Floor, ...]
    versions: dict[str, str]
    options: dict[str, Any]
    given_weights: str = ""
    sides: tuple[CertifiedSide, ...]
    files: tuple[CoveredFile, ...]
    does_not_show: tuple[str, ...]
    seal: str = ""


class Checked(Record):
    """What came of checking a certificate.

    Args:
        holds: whether nothing was found to be wrong.
        verdict: of the proof.
        files: how many files have the bytes that the certificate names.
        bytes: how many bytes these are.
        derived: what came of deriving the proof again from the kept experiments.
        again: what came of running the proof again; empty where that was not asked for.
        problems: what is wrong.
        versions: packages that are installed here in another version than the proof was made with.
        not_covered: how many files in the folder the certificate says nothing about.
        does_not_show: what a certificate cannot show.
    """

    name: str
    holds: bool
    verdict: SameVerdict
    files: int
    bytes: int
    derived: Literal["equal", "equal but for rounding", "equal in what decides", "different", "not derived"]
    derived_why: str = ""
    again: str = ""
    problems: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    not_covered: int = 0
    does_not_show: tuple[str, ...] = ()
