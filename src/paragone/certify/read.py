"""Reads a certificate and the files that it names, and trusts neither."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pydantic import ValidationError

from paragone.certify.write import canonical, seal, sha256_of
from paragone.errors import InputError
from paragone.folder import CERTIFICATE
from paragone.records.certificate import CERTIFICATE_SCHEMA, Certificate, CoveredFile

MAX_CERTIFICATE_BYTES = 16 * 2**20
MAX_FILE_BYTES = 64 * 2**30
_LONGEST_NAME = 1024


def read_certificate(folder: Path) -> tuple[Certificate, str]:
    """The certificate of a folder, and what is wrong with its seal; empty if nothing is.

    Raises:
        InputError: there is none, or it is no certificate.
    """
    path = folder / CERTIFICATE
    content = _content(path)
    try:
        certificate = Certificate.model_validate_json(content)
    except (ValidationError, RecursionError) as error:
        what = error.errors(include_url=False)[0]["msg"] if isinstance(error, ValidationError) else "nested too deeply"
        raise _no_certificate(path, what) from None
    if certificate.schema_ != CERTIFICATE_SCHEMA:
        raise _no_certificate(path, f"schema {certificate.schema_}")
    names = [one.path for one in certificate.files]
    if len(set(names)) < len(names):
        raise _no_certificate(path, "a file that is named twice")
    if seal(certificate) != certificate.seal or canonical(certificate) != content:
        return certificate, f"{CERTIFICATE} is not as it was written: its seal does not fit"
    return certificate, ""


def _content(path: Path) -> bytes:
    descriptor = _opened(path, CERTIFICATE, "a folder that 'paragone prove' or 'paragone compare' left")
    try:
        size_bytes = os.fstat(descriptor).st_size
        if size_bytes > MAX_CERTIFICATE_BYTES:
            raise _no_certificate(path, f"{size_bytes // 2**20} MiB; at most {MAX_CERTIFICATE_BYTES // 2**20} are read")
        with os.fdopen(os.dup(descriptor), "rb") as stream:
            return stream.read(MAX_CERTIFICATE_BYTES + 1)
    finally:
        os.close(descriptor)


def problem_of(folder: Path, one: CoveredFile) -> str:
    """What is wrong with the bytes of a file; empty if they are those that the certificate names.

    Raises:
        InputError: there is no such file, or it is nothing that a run would have left.
    """
    path = _inside(folder, one)
    descriptor = _opened(path, one.path, f"the file that {CERTIFICATE} names")
    try:
        size_bytes = os.fstat(descriptor).st_size
        if size_bytes != one.bytes:
            return f"{one.path} has {size_bytes:,} bytes; {one.bytes:,} were certified"
        return "" if sha256_of(descriptor) == one.sha256 else f"{one.path} was changed: its SHA-256 does not fit"
    finally:
        os.close(descriptor)


def _inside(folder: Path, one: CoveredFile) -> Path:
    """The path of a file that is named; refuses names that lead out of the folder, and links on the way."""
    parts = one.path.split("/")
    plain = one.path.isprintable() and "\\" not in one.path and len(one.path) <= _LONGEST_NAME
    if not plain or any(part in {"", ".", ".."} for part in parts):
        raise InputError(
            "The certificate names a file outside of its folder.",
            where=str(folder / CERTIFICATE),
            expected="names of files in the folder",
            received=one.path[:200],
            next_step="do not trust this folder",
        )
    if one.bytes > MAX_FILE_BYTES:
        raise InputError(
            "The certificate names a file that is too big to be checked.",
            where=one.path,
            expected=f"at most {MAX_FILE_BYTES // 2**30} GiB",
            received=f"{one.bytes // 2**30} GiB",
        )
    path = folder
    for part in parts[:-1]:
        path /= part
        if path.is_symlink():
            raise _link(one.path)
    return path / parts[-1]


def _opened(path: Path, name: str, expected: str) -> int:
    """An ordinary file, open for reading; never through a link, and without waiting for a pipe."""
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise _link(name)
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{name} is no ordinary file.", where=str(path), expected=expected)
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{name} cannot be read.",
            where=str(path),
            expected=expected,
            received=getattr(error, "strerror", None) or str(error),
            next_step="give the folder of a run, complete and as it was left, for example runs/NAME",
        ) from None


def _link(name: str) -> InputError:
    return InputError(
        f"{name} is a link.",
        where=name,
        expected="an ordinary file in the run's folder",
        received="a symbolic link",
        next_step="copy the folder with its files, not with links to them",
    )


def _no_certificate(path: Path, received: str) -> InputError:
    return InputError(
        "The certificate cannot be read.",
        where=str(path),
        expected=f"the {CERTIFICATE} that 'paragone prove' or 'paragone compare' wrote (schema {CERTIFICATE_SCHEMA})",
        received=received,
        next_step="run the proof again",
    )
