"""The commands: parse, call, print. What they do stands elsewhere, and is imported when it is called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from paragone import __version__
from paragone.guard import Guard, ignore_signals
from paragone.options import SCHEDULER_STEPS, TRACKS, CompareOptions

if TYPE_CHECKING:
    from paragone.records import Record

HELP_NAMES = {"help_option_names": ["-h", "--help"]}
SHELLS = ("bash", "zsh", "fish")

_EXAMPLES = """\b
Examples:
  paragone compare keras_side.py torch_side.py --data digits
  paragone compare lesson.py --data samples.npz --out runs/lesson
  paragone compare a.py:model b.py:make --data prepare.py:load --track idiomatic --track tuned
  paragone report runs/lesson
  paragone doctor"""

_COMPARE_EXAMPLES = """\b
Examples:
  paragone compare keras_side.py torch_side.py jax_side.py --data digits
  paragone compare lesson.py --data table.csv --budget 120
  paragone compare a.py b.py --data prepare.py:load --profile long-training --json > run.json"""

_COMPLETION_EXAMPLES = """\b
How to use it:
  bash:  eval "$(paragone completion bash)"     in ~/.bashrc
  zsh:   eval "$(paragone completion zsh)"      in ~/.zshrc
  fish:  paragone completion fish | source      in ~/.config/fish/config.fish"""


@click.group(context_settings=HELP_NAMES, epilog=_EXAMPLES)
@click.version_option(__version__, message="paragone %(version)s")
def cli() -> None:
    """Prove whether sides in TensorFlow, PyTorch and JAX are the same task, and measure them fairly."""


@cli.command(epilog=_COMPARE_EXAMPLES, short_help="Prove, measure and choose between sides.")
@click.argument("sides", nargs=-1, required=True, metavar="SIDE...", type=click.Path())
@click.option(
    "--data",
    metavar="SOURCE",
    type=click.Path(),
    help="A built-in name (digits), an .npz, .csv or .parquet file, or module:function.",
)
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="The run's folder.  [default: runs/NAME]")
@click.option("--seed", metavar="N", default=CompareOptions.seed, show_default=True, help="Seed of the run.")
@click.option(
    "--budget",
    "budget_s",
    metavar="SECONDS",
    default=CompareOptions.budget_s,
    show_default=True,
    help="Time for the timing.",
)
@click.option(
    "--profile", metavar="NAME", default=CompareOptions.profile, show_default=True, help="What you need most."
)
@click.option("--batch-size", metavar="N", default=CompareOptions.batch_size, show_default=True, help="Samples a step.")
@click.option(
    "--steps", metavar="N", default=CompareOptions.steps, show_default=True, help="Training steps of the trajectory."
)
@click.option(
    "--track",
    "tracks",
    type=click.Choice(TRACKS),
    multiple=True,
    default=CompareOptions.tracks,
    show_default=True,
    help="How the sides are run; may be given twice.",
)
@click.option(
    "--scheduler-step",
    type=click.Choice(SCHEDULER_STEPS),
    default=CompareOptions.scheduler_step,
    show_default=True,
    help="What a PyTorch scheduler is stepped by.",
)
@click.option(
    "--threads",
    metavar="N",
    default=CompareOptions.threads,
    show_default=True,
    help="CPU threads of each framework; 0 leaves its default.",
)
@click.option("--fresh", is_flag=True, help="Forget the finished trials of an earlier run.")
@click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def compare(as_json: bool, quiet: bool, **given: Any) -> None:
    """Compare sides: are they the same task, why not, which is faster, which to choose.

    A SIDE is a Python file with a model, a loss and an optimizer; FILE.py:NAME names one model of several. One file
    may hold several sides. The run's folder takes run.json, report.html and the raw samples; an interrupted run goes
    on there.
    """
    with Guard() as guard:
        options = CompareOptions(**given)
        guard.folder = options.folder
        from paragone.console import shown_progress
        from paragone.run import compare_run

        with shown_progress(quiet) as progress:
            run = compare_run(options, progress)
        if as_json:
            _print_record(run)
        else:
            from rich.console import Console

            from paragone.report.summary import render_summary

            render_summary(run, Console(), options.folder)


@cli.command(short_help="Write report.html again from a record.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else.")
def report(folder: Path, as_json: bool) -> None:
    """Write report.html again from the run.json in DIR, byte for byte."""
    with Guard() as guard:
        from paragone.saved import read_run, write_page

        run = read_run(folder)
        guard.folder = folder
        page = write_page(run, folder)
        if as_json:
            _print_record(run)
        else:
            click.echo(page)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else.")
def doctor(as_json: bool) -> None:
    """Say what is installed, what is missing, and how to get it."""
    with Guard():
        from paragone.doctor import examine, lines

        checkup = examine()
        if as_json:
            _print_record(checkup)
        else:
            click.echo("\n".join(lines(checkup)))


@cli.command()
def schema() -> None:
    """Print the JSON Schema of run.json."""
    with Guard():
        from paragone.records import Run

        click.echo(json.dumps(Run.model_json_schema(by_alias=True, mode="serialization"), indent=2))


@cli.command(epilog=_COMPLETION_EXAMPLES)
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    completer = get_completion_class(shell)
    if completer is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(completer(cli, {}, "paragone", "_PARAGONE_COMPLETE").source())


def main() -> None:
    """Run the command line."""
    try:
        cli(prog_name="paragone")
    finally:
        ignore_signals()


def _print_record(record: Record) -> None:
    click.echo(record.model_dump_json(by_alias=True, indent=2))


if __name__ == "__main__":
    main()
