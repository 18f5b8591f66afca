"""The command `runs`: the history of this machine."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from paragone.guard import Guard

VERBS = ("compare", "prove", "measure")

_RUNS_EXAMPLES = """\b
Examples:
  paragone runs
  paragone runs --framework torch --since 2026-11-01
  paragone runs digits --verb measure --json
  paragone runs --add runs/from-elsewhere"""


@click.command(epilog=_RUNS_EXAMPLES, short_help="List the runs of this machine's history.")
@click.argument("name", metavar="[NAME]", required=False, default="")
@click.option("--framework", metavar="NAME", default="", help="Only runs in which it took part.")
@click.option("--verb", type=click.Choice(VERBS), help="Only what this command made.")
@click.option("--since", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="Only runs from then on (UTC).")
@click.option("--limit", metavar="N", type=click.IntRange(0), default=20, show_default=True, help="0 lists all.")
@click.option("--add", metavar="DIR", multiple=True, type=click.Path(path_type=Path), help="Take in a run's folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else.")
def runs(
    name: str,
    framework: str,
    verb: str | None,
    since: datetime | None,
    limit: int,
    add: tuple[Path, ...],
    as_json: bool,
) -> None:
    """List the runs that were made on this machine, the latest first; those whose name holds NAME, if it is given.

    They are kept in a database in PARAGONE_HOME, or else in ~/.local/share/paragone. An id, or its first letters,
    stands for its run in 'paragone diff'.
    """
    with Guard():
        from paragone.history.runs import add_folder, listed

        for folder in add:
            add_folder(folder)
        day = since.date().isoformat() if since else ""
        found = listed(name=name, framework=framework, verb=verb or "", since=day, limit=limit)
        if as_json:
            click.echo(found.model_dump_json(by_alias=True, indent=2))
        else:
            from rich.console import Console

            from paragone.history.table import render_runs

            render_runs(found, Console())
