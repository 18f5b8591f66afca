"""Checks a certificate: every byte, then the proof derived again from what was kept, then, if asked, run again."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from paragone.certify.compare import differences, equal_distances, unlike
from paragone.certify.read import problem_of, read_certificate
from paragone.certify.replay import derived, proven_again
from paragone.certify.write import start_name
from paragone.errors import InputError, ParagoneError, shareable
from paragone.folder import CERTIFICATE
from paragone.job import code_digest
from paragone.prove.conduct import Conducted
from paragone.records import Proof
from paragone.records.certificate import Certificate, Checked
from paragone.saved import read_run

_OTHER_FORM = "it was made by other code (Paragone {}), and kept experiments in a form that this version does not read"


def check(folder: Path, *, again: bool = False, advance: Callable[[str], None] = lambda _: None) -> Checked:
    """Check the certificate of a run's folder; nothing in the folder is changed.

    Args:
        folder: of the run.
        again: run the proof again, from the sides and the data in the folder. That runs the sides' code.
        advance: told of every finished experiment of that.

    Raises:
        InputError: there is no certificate, or something in the folder is nothing that a run would have left.
    """
    certificate, broken = read_certificate(folder)
    problems = [broken] if broken else []
    problems += [problem for one in certificate.files if (problem := problem_of(folder, one))]
    state = Checked(
        name=certificate.name,
        holds=not problems,
        verdict=certificate.verdict,
        files=len(certificate.files) - len(problems) + bool(broken),
        bytes=sum(one.bytes for one in certificate.files),
        derived="not derived",
        derived_why="the bytes are not those of the proof",
        problems=tuple(problems),
        versions=tuple(_other_versions(certificate)),
        not_covered=_not_covered(certificate, folder),
        does_not_show=certificate.does_not_show,
    )
    if problems:
        return state
    recorded = _recorded(certificate, folder)
    state = state.model_copy(update=_derived(certificate, folder, recorded))
    if again and not state.problems:
        state = state.model_copy(update=_again(certificate, folder, recorded, advance))
    return state.model_copy(update={"holds": not state.problems})


def _recorded(certificate: Certificate, folder: Path) -> Proof:
    """The proof in the record, which must say what the certificate says."""
    covered = {one.path for one in certificate.files}
    needed = ["run.json", "data.safetensors", *(side.file for side in certificate.sides)]
    absent = [name for name in needed if name not in covered]
    proof = None if absent else read_run(folder).proof
    if proof is None or proof.verdict != certificate.verdict:
        raise InputError(
            "The certificate does not belong to this record.",
            where=str(folder / CERTIFICATE),
            expected="a certificate that covers the record, the data and the sides, and names the record's verdict",
            received=f"nothing about {absent[0]}" if absent else f"verdict {certificate.verdict}",
            next_step="run the proof again",
        )
    return proof


def _derived(certificate: Certificate, folder: Path, recorded: Proof) -> dict[str, object]:
    """What comes of conducting the proof again on the experiments that were kept."""
    other_code = certificate.code_sha256 != code_digest()
    try:
        done, missing = derived(certificate, folder)
    except ParagoneError:
        raise
    except Exception as error:  # kept files that fit their hashes, and yet hold what no run would have written
        if other_code:
            return {"derived": "not derived", "derived_why": _OTHER_FORM.format(certificate.paragone)}
        raise InputError(
            "The kept experiments are none that a run would have left.",
            where=str(folder / "trials"),
            received=shareable(f"{type(error).__name__}: {error}"[:200]),
            next_step="run the proof again",
        ) from error
    problems = _problems(recorded, done, folder, missing)
    others = unlike(recorded, done.proof) if done is not None and not problems else []
    if problems and missing and other_code:
        why = f"it was made by other code, and this version asks for what was not kept: {missing[0]}"
        return {"derived": "not derived", "derived_why": why}
    if done is None or problems or (others and not other_code):
        return {"derived": "different", "derived_why": "", "problems": (*problems, *others)}
    equal = done.proof.model_dump_json() == recorded.model_dump_json()
    why = "by other code than that which made it" if other_code else ""
    word = "equal" if equal else "equal in what decides" if others else "equal but for rounding"
    return {"derived": word, "derived_why": why}


def _problems(recorded: Proof, done: Conducted | None, folder: Path, missing: Sequence[str]) -> list[str]:
    if done is None:
        return [f"derived again, the proof asks for an experiment that was not kept: {missing[-1]}"]
    return differences(recorded, done.proof, distances=True) + _starts(done, folder)


def _starts(done: Conducted, folder: Path) -> list[str]:
    """Whether the weights that were saved as the start are those that the experiments started from."""
    from safetensors.numpy import load_file

    problems = []
    for number, start in enumerate(done.starts, start=1):
        name = start_name(number)
        saved = load_file(folder / name) if (folder / name).is_file() else {}
        if saved.keys() != start.keys() or any(not np.array_equal(saved[key], start[key]) for key in start):
            problems.append(f"{name} does not hold the weights that the proof started from")
    return problems


def _again(
    certificate: Certificate, folder: Path, recorded: Proof, advance: Callable[[str], None]
) -> dict[str, object]:
    done = proven_again(certificate, folder, advance)
    problems = differences(recorded, done.proof, distances=False)
    equal, of = equal_distances(recorded, done.proof)
    said = f"{equal} of {of} distances are the same to the last digit"
    if any(side.identity.get("python") for side in certificate.sides):
        said += "; all sides ran with this interpreter, where one had another"
    if problems:
        return {"again": f"run again it differs; {said}", "problems": tuple(f"run again: {one}" for one in problems)}
    return {"again": f"run again it says the same in float64; {said}"}


def _other_versions(certificate: Certificate) -> list[str]:
    rows = []
    for name, certified in sorted(certificate.versions.items()):
        try:
            here = version(name)
        except (PackageNotFoundError, ValueError):
            here = "not installed"
        if here != certified:
            rows.append(f"{name} {certified}, here {here}")
    return rows


def _not_covered(certificate: Certificate, folder: Path) -> int:
    covered = {one.path for one in certificate.files}
    found = 0
    for home, _, names in os.walk(folder, followlinks=False):
        relative = Path(home).relative_to(folder)
        found += sum((relative / name).as_posix() not in covered for name in names)
    return found - 1  # the certificate itself
