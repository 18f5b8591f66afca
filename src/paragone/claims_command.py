"""The command `claims`: what people say of the frameworks, and what was found."""

from __future__ import annotations

import click

from paragone.guard import Guard

_CLAIMS_EXAMPLES = """\b
Examples:
  paragone claims
  paragone claims runs/digits
  paragone claims 3f9a training-speed memory
  paragone claims tensorboard --json"""


@click.command(epilog=_CLAIMS_EXAMPLES, short_help="Test what people say about the frameworks.")
@click.argument("words", metavar="[RUN]... [CLAIM]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else.")
def claims(words: tuple[str, ...], as_json: bool) -> None:
    """Test the claims that people repeat about TensorFlow and PyTorch, and say what was found.

    A RUN is a run's folder, or the first letters of its id in the history ('paragone runs'); it counts before the runs
    that ship with Paragone, and these before dated facts. A CLAIM is the id of one; without any, all are tested.
    Nothing is measured: what would have to be run is said.
    """
    with Guard():
        from paragone.choose.claims import judged, told_apart
        from paragone.choose.evidence import stored_evidence
        from paragone.records.claim import Ledger

        runs, ids = told_apart(words)
        found = Ledger(claims=judged(stored_evidence(runs), ids))
        if as_json:
            click.echo(found.model_dump_json(by_alias=True, indent=2))
        else:
            from rich.console import Console

            from paragone.report.claimed import render_claims

            render_claims(found.claims, Console(), details=bool(ids))
