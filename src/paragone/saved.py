"""A run's folder as it was left: read its record, write its page."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from paragone.errors import InputError
from paragone.records import SCHEMA, Run
from paragone.trials import write_whole

RECORD = "run.json"
PAGE = "report.html"
DECISION = "decision.md"
MAX_BYTES = 256 * 2**20


def read_run(folder: Path) -> Run:
    """The record of the run in `folder`.

    Raises:
        InputError: there is none, it is too big, damaged, or of another schema.
    """
    path = folder / RECORD
    return parsed(_text(path), str(path))


def parsed(text: str, where: str) -> Run:
    """A record from its JSON.

    Args:
        text: nobody vouches for it.
        where: how its place is called in a message.

    Raises:
        InputError: it is damaged, or of another schema.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(where, f"no JSON ({error})") from error
    schema = content.get("schema") if isinstance(content, dict) else None
    if schema != SCHEMA:
        raise InputError(
            "The record is not one that this version of Paragone reads.",
            where=where,
            expected=f"schema {SCHEMA}",
            received=f"schema {schema}" if schema else "no schema",
            next_step="run the comparison again, or use the version that wrote it",
        )
    try:
        return Run.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _damaged(where, f"{first['msg']} at {place} ({error.error_count()} such faults)") from error


def write_page(run: Run, folder: Path) -> Path:
    """Write the page of this run into its folder, and its decision record; the same record gives the same bytes."""
    from paragone.report.page import render_page

    path = folder / PAGE
    try:
        write_whole(path, render_page(run).encode())
        if run.choice is not None and run.choice.options:
            from paragone.choose.madr import decision_record

            write_whole(folder / DECISION, decision_record(run.choice).encode())
    except OSError as error:
        raise InputError(
            "The page cannot be written.",
            where=str(path),
            expected="a folder that can be written to",
            received=error.strerror or str(error),
        ) from error
    return path


def _text(path: Path) -> str:
    try:
        size_bytes = path.stat().st_size
        if size_bytes > MAX_BYTES:
            raise InputError(
                "The record is too big.",
                where=str(path),
                expected=f"at most {MAX_BYTES // 2**20} MiB",
                received=f"{size_bytes // 2**20} MiB",
            )
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _damaged(str(path), "no UTF-8 text") from error
    except OSError as error:
        raise InputError(
            "There is no record of a run here.",
            where=str(path),
            expected=f"a folder that 'paragone compare' left, with {RECORD} in it",
            received=error.strerror or str(error),
            next_step="give the folder of a run, for example runs/NAME",
        ) from error


def _damaged(where: str, received: str) -> InputError:
    return InputError(
        "The record is damaged.",
        where=where,
        expected=f"the {RECORD} that 'paragone compare' wrote",
        received=received,
        next_step="run the comparison again",
    )
