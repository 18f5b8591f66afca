"""The command `choose`: what suits a need, from stored evidence."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from paragone.errors import InputError
from paragone.guard import Guard
from paragone.options import CompareOptions

if TYPE_CHECKING:
    from paragone.choose import Profile

_EXAMPLES = """\b
Examples:
  paragone choose
  paragone choose --profile production
  paragone choose runs/mine --profile phone-edge --out decision.md
  paragone choose --profile needs.toml --json
  paragone choose --answer purpose=education --answer most=conciseness --answer 'memory=2 GiB'
  paragone choose --from decision.json --out decision.md"""


@click.command(epilog=_EXAMPLES, short_help="Choose a framework for a need, from stored evidence.")
@click.argument("runs", metavar="[RUN...]", nargs=-1)
@click.option("--profile", metavar="NAME|FILE", help="What is needed; a name, or a .toml file.")
@click.option(
    "--answer", "answers", metavar="KEY=VALUE", multiple=True, help="An answer to a question; may be repeated."
)
@click.option("--answers", "answers_file", metavar="FILE", default="", help="A .toml file of answers.")
@click.option("--questions", is_flag=True, help="List the questions, with the keys of their answers.")
@click.option("--save-profile", metavar="FILE", type=click.Path(path_type=Path), help="Keep the answers as a profile.")
@click.option(
    "--reference/--no-reference", default=True, show_default=True, help="Use the runs that ship with Paragone as well."
)
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write the decision record (Markdown).")
@click.option("--signed-by", metavar="NAME", multiple=True, help="Who signs the decision; may be repeated.")
@click.option("--from", "kept", metavar="FILE", type=click.Path(path_type=Path), help="The kept record of a choice.")
@click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else.")
def choose(**given: Any) -> None:
    """Choose a framework, on its backend, for what somebody needs: from RUNs, and from runs that ship with Paragone.

    A RUN is a run's folder, or the first letters of its id in the history ('paragone runs'); its evidence counts first.
    Without a profile and without answers it asks, ten questions at most; where nobody can be asked, the profile is
    'balanced'. Nothing is measured, and no framework is imported.
    """
    with Guard():
        if given["questions"]:
            _list_questions()
            return
        found = _kept(given) if given["kept"] else _made(given)
        if given["out"]:
            from paragone.choose.stored import keep_decision

            keep_decision(found, given["out"], record=not given["kept"])
        if given["as_json"]:
            click.echo(found.model_dump_json(indent=2))
        else:
            from paragone.choose.show import lines

            click.echo("\n".join(lines(found)))


def _kept(given: dict[str, Any]) -> Any:
    """A choice that was made before."""
    others = [
        name for name in ("runs", "profile", "answers", "answers_file", "save_profile", "signed_by") if given[name]
    ]
    if others:
        raise InputError(
            "A kept choice is shown as it was made.",
            where="--from", expected="nothing beside --out and --json", received=", ".join(others),
        )  # fmt: skip
    from paragone.choose.stored import read_choice

    return read_choice(given["kept"])


def _made(given: dict[str, Any]) -> Any:
    """A choice made now."""
    from paragone.choose.stored import choose_stored

    profile = _profile(given)
    return choose_stored(given["runs"], profile, reference=given["reference"], signed_by=given["signed_by"])


def _profile(given: dict[str, Any]) -> Profile:
    """By name, by file, or by answers."""
    said = bool(given["answers"] or given["answers_file"])
    if given["profile"] and (said or given["save_profile"]):
        raise InputError(
            "A profile and answers make two profiles.",
            where="--profile", expected="either --profile, or answers with purpose=NAME", received=given["profile"],
        )  # fmt: skip
    from paragone.choose.profile import named

    ask = not said and not given["profile"] and not given["as_json"] and _can_ask()
    if not said and not ask and not given["save_profile"]:
        return named(given["profile"] or CompareOptions.profile)
    from paragone.choose.questions import answered, read_answers

    answers = _asked() if ask else read_answers(given["answers"], given["answers_file"])
    profile, table = answered(answers)
    if given["save_profile"]:
        _save(given["save_profile"], table)
    return profile


def _can_ask() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin.isatty()


def _asked() -> dict[str, str]:
    """The answers of whoever sits at the terminal; one that cannot be used is asked for again."""
    from paragone.choose.questions import QUESTIONS, purposes, put

    click.echo("Ten questions at most; an empty answer leaves it to the purpose.")
    click.echo(f"Purposes: {', '.join(purposes())}")
    answers: dict[str, str] = {}
    for question in QUESTIONS:
        while True:
            default = CompareOptions.profile if question.key == "purpose" else ""
            answer = click.prompt(f"{question.text} ({question.expects})", default=default, show_default=bool(default))
            try:
                if answer.strip():
                    put(question, {}, answer.strip())
            except InputError as error:
                click.echo(str(error))
                continue
            answers[question.key] = answer
            break
    return answers


def _list_questions() -> None:
    from paragone.choose.questions import QUESTIONS, purposes

    for question in QUESTIONS:
        expects = ", ".join(purposes()) if question.key == "purpose" else question.expects
        click.echo(f"{question.key:<10} {question.text} {expects}")


def _save(path: Path, table: dict[str, Any]) -> None:
    """Write a profile's table as TOML; its texts, numbers and lists are written there as in JSON."""
    flat = {key: value for key, value in table.items() if not isinstance(value, dict)}
    rows = [f"{key} = {json.dumps(value)}" for key, value in flat.items()]
    for name, part in table.items():
        if isinstance(part, dict):
            rows += ["", f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in part.items())]
    try:
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            "The profile cannot be written.", where=str(path), received=error.strerror or str(error)
        ) from None
