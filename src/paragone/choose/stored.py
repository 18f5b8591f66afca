"""A choice from stored evidence: runs of the user's own, and those that ship with us."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from paragone.choose.candidates import options_of, run_evidence
from paragone.choose.decision import decide
from paragone.choose.evidence import Evidence, OwnRun, stored_evidence
from paragone.choose.madr import decision_record
from paragone.choose.profile import MAX_BYTES, Profile
from paragone.errors import InputError
from paragone.records import Choice
from paragone.trials import write_whole

MAX_RECORD_BYTES = 16 * MAX_BYTES


def choose_stored(
    runs: Sequence[str], profile: Profile, *, reference: bool = True, signed_by: Sequence[str] = ()
) -> Choice:
    """Recommend an option for a profile from stored evidence.

    Args:
        runs: the user's own, each a folder or the first letters of an id in the history.
        profile: what is needed.
        reference: whether the runs that ship with us count where there is nothing of the user's own.
        signed_by: who signs the decision.

    Raises:
        InputError: there is no such run, or its record is damaged.
    """
    return choose_among(stored_evidence(runs), profile, reference=reference, signed_by=signed_by)


def choose_among(
    evidence: Evidence, profile: Profile, *, reference: bool = True, signed_by: Sequence[str] = ()
) -> Choice:
    """`choose_stored`, of evidence that was loaded."""
    runs = evidence.every_run if reference else evidence.runs
    read = [(run_evidence(one.run, one.id, own=isinstance(one, OwnRun)), one.run.sides) for one in runs]
    return decide(options_of(read), profile).model_copy(update={"signed_by": tuple(signed_by)})


def read_choice(path: Path) -> Choice:
    """A choice from the record that was kept of it.

    Raises:
        InputError: there is none, or it is damaged.
    """
    expected = "the .json file that 'paragone choose --out' left"
    try:
        if path.stat().st_size > MAX_RECORD_BYTES:
            raise InputError("The record is too big.", where=str(path), expected=expected)
        return Choice.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(
            "The record of the choice is damaged.",
            where=str(path), expected=expected, received=f"{first['msg']} at {place or 'its beginning'}",
        ) from None  # fmt: skip
    except OSError as error:
        raise InputError(
            "There is no record of a choice here.",
            where=str(path), expected=expected, received=error.strerror or str(error),
        ) from None  # fmt: skip


def keep_decision(choice: Choice, path: Path, *, record: bool = True) -> None:
    """Write the decision record, and beside it the record that it is made from.

    Raises:
        InputError: there is no such folder, or it cannot be written to.
    """
    if path.suffix == ".json":
        raise InputError(
            "The decision record is Markdown.",
            where="--out", expected="a file such as decision.md; its record is written beside it", received=str(path),
        )  # fmt: skip
    try:
        if record:
            write_whole(path.with_suffix(".json"), choice.model_dump_json(indent=2).encode() + b"\n")
        write_whole(path, decision_record(choice).encode())
    except OSError as error:
        raise InputError(
            "The decision record cannot be written.",
            where=str(path), expected="a file in a folder that can be written to",
            received=error.strerror or str(error),
        ) from None  # fmt: skip
