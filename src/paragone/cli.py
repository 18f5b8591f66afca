"""The commands: parse, call, print. What they do stands elsewhere, and is imported when it is called."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from paragone import __version__
from paragone.choose_command import choose
from paragone.claims_command import claims
from paragone.command_options import (
    deployment_options,
    precision_options,
    proof_options,
    scope_options,
    side_options,
    sweep_options,
    timing_options,
)
from paragone.errors import EXIT_NOT_SAME
from paragone.guard import Guard, ignore_signals
from paragone.options import FIDELITIES, CompareOptions
from paragone.runs_command import runs

if TYPE_CHECKING:
    from pydantic import BaseModel

    from paragone.records import Run

HELP_NAMES = {"help_option_names": ["-h", "--help"]}
SHELLS = ("bash", "zsh", "fish")

_EXAMPLES = """\b
Examples:
  paragone compare keras_side.py torch_side.py --data digits
  paragone compare lesson.py --data samples.npz --out runs/lesson
  paragone tasks
  paragone show digits-mlp
  paragone prove digits-mlp
  paragone measure model.py model.py --data digits --python torch-2=new/bin/python
  paragone compare a.py:model b.py:make --data prepare.py:load --track idiomatic --track tuned
  paragone report runs/lesson
  paragone runs
  paragone diff runs/before runs/after
  paragone doctor"""

_COMPARE_EXAMPLES = """\b
Examples:
  paragone compare keras_side.py torch_side.py jax_side.py --data digits
  paragone compare lesson.py --data table.csv --budget 120
  paragone compare a.py b.py --data prepare.py:load --profile research --json > run.json"""

_PROVE_EXAMPLES = """\b
Examples:
  paragone prove digits-mlp
  paragone prove my_task.toml --steps 100 --json > proof.json
  paragone prove keras_side.py torch_side.py --data digits
  paragone prove a.py b.py --data digits --weights trained.safetensors --ignore initialisation
  paragone prove a.py b.py --data digits --rungs structure,forward --dtype float64
  paragone prove a.py a.py --data digits --python torch-2=old/bin/python
  paragone prove keras_side.py torch_side.py --data digits --patch fix.patch"""

_MEASURE_EXAMPLES = """\b
Examples:
  paragone measure keras_side.py torch_side.py --data digits
  paragone measure digits-mlp --budget 300 --matters 1 --threads 1
  paragone measure model.py model.py --data digits --python torch-2=new/bin/python
  paragone measure digits-mlp --sweep batch=1..4096
  paragone measure a.py b.py --data digits --track idiomatic --track tuned --json > run.json"""

_DEPLOY_EXAMPLES = """\b
Examples:
  paragone deploy digits-cnn
  paragone deploy digits-mlp --to onnxruntime,openvino,litert
  paragone deploy torch_side.py --data digits --to onnxruntime --json > run.json
  paragone deploy --list"""

_DIFF_EXAMPLES = """\b
Examples:
  paragone diff runs/monday runs/friday
  paragone diff 3f9a 81c2
  paragone diff runs/before runs/after --json"""

_SHOW_EXAMPLES = """\b
Examples:
  paragone show digits-mlp
  paragone show digits-mlp --fidelity plain --framework torch
  paragone show my_task.toml --out sides"""

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
@side_options
@proof_options
@timing_options
@deployment_options
@click.option("--profile", metavar="NAME|FILE", default=CompareOptions.profile, show_default=True, help="Your need.")
def compare(**given: Any) -> None:
    """Compare sides: are they the same task, why not, which is faster, which to choose.

    A SIDE is a Python file with a model, a loss and an optimizer; FILE.py:NAME names one model of several. One file
    may hold several sides. A TASK is the name of a ready task or a .toml file, and stands for a side in every
    framework. The run's folder takes run.json, report.html and the raw samples; an interrupted run goes on there.
    """
    _run("compare_run", given)


@cli.command(epilog=_PROVE_EXAMPLES, short_help="Prove whether sides are the same task.")
@side_options
@proof_options
@scope_options
@click.option(
    "--patch",
    "patch_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write what makes the sides the same as a diff; apply it with: patch -p1 < FILE",
)
def prove(patch_file: Path | None, **given: Any) -> None:
    """Prove whether sides are the same task, and name the causes of every difference.

    The exit code is 0 if all pairs are the same, 1 if they are not, 2 if the input was wrong.
    """
    if patch_file is not None:
        with Guard():
            from paragone.fixes.save import check_place

            check_place(patch_file)
    run = _run("prove_run", given)
    if patch_file is not None:
        with Guard():
            from paragone.fixes.save import save_patch

            click.echo("\n".join(save_patch(run, patch_file)), err=True)
    if run.proof is None or run.proof.verdict != "same":
        sys.exit(EXIT_NOT_SAME)


@cli.command(epilog=_MEASURE_EXAMPLES, short_help="Time sides against each other.")
@side_options
@timing_options
@sweep_options
@precision_options
def measure(**given: Any) -> None:
    """Time sides against each other, without asking whether they are the same task.

    Sets of fresh processes take turns until it is certain who is faster, until every difference that matters has been
    excluded, or until the budget is spent. One file may be given twice, with another Python for one of the two: does an
    upgrade cost speed? A single side is timed alone. With --sweep every size has its ratios: how cost grows, and where
    another side takes the lead.
    """
    _run("measure_run", given)


def _targets(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """Print every target and what it needs, and stop."""
    if wanted:
        from paragone.deploy.target import lines

        click.echo("\n".join(lines()))
        context.exit()


@cli.command(epilog=_DEPLOY_EXAMPLES, short_help="Export sides, run them in their runtimes, check what arrives.")
@side_options
@deployment_options
@click.option("--steps", metavar="N", default=100, show_default=True, help="Training steps before a side is exported.")
@click.option("--threads", metavar="N", default=CompareOptions.threads, show_default=True, help="CPU threads; 0: all.")
@click.option("--list", is_flag=True, is_eager=True, expose_value=False, callback=_targets, help="List the targets.")
def deploy(**given: Any) -> None:
    """Deploy sides to the runtimes that people ship to, and check what arrives there.

    Every side is trained for some steps, written in each target's format, loaded by the target's own runtime in a
    process of its own, and held against the side itself, on ordinary and on extreme inputs and in several batch sizes;
    size, cold start, memory, latency and throughput are measured there. What cannot be done is said with its reason.
    The artifacts, and a script for each that runs alone, stay in the run's folder.
    """
    _run("deploy_run", given)


def _run(verb: str, given: dict[str, Any]) -> Run:
    """Run a verb of `paragone.run` and print what came of it."""
    as_json, quiet = given.pop("as_json"), given.pop("quiet")
    with Guard() as guard:
        options = CompareOptions(**given)
        guard.folder = options.folder
        from paragone.console import shown_progress

        verbs = import_module("paragone.run")

        with shown_progress(quiet) as progress:
            run: Run = getattr(verbs, verb)(options, progress)
        if options.history:
            from paragone.history import remember

            if why_not := remember(run, options.folder):
                click.echo(f"note: {why_not}", err=True)
        if as_json:
            _print_record(run)
        else:
            from rich.console import Console

            if verb == "prove_run":
                from paragone.report.proven import render_proof as render
            elif verb == "deploy_run":
                from paragone.report.arrived import render_artifacts as render
            else:
                from paragone.report.summary import render_summary as render

            render(run, Console(), options.folder)
    return run


@cli.command(epilog=_SHOW_EXAMPLES, short_help="Show a task written in every framework.")
@click.argument("task", metavar="TASK", type=click.Path())
@click.option(
    "--fidelity",
    type=click.Choice(FIDELITIES),
    default=CompareOptions.fidelity,
    show_default=True,
    help="matched: the same computation everywhere; plain: each framework's own defaults.",
)
@click.option("--framework", "only", metavar="NAME", multiple=True, help="Only this one; may be given again.")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Write the files into this folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else.")
def show(task: str, fidelity: Any, only: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Show a task as a side of each framework, next to each other; --out writes the files."""
    with Guard():
        from paragone.show import Wish, printed, render, save, shown_task

        shown = shown_task(Wish(task, fidelity, only))
        paths = save(shown, out) if out is not None else []
        if as_json:
            _print_record(shown)
        elif paths:
            click.echo("\n".join(map(str, paths)))
        elif sys.stdout.isatty():
            from rich.console import Console

            render(shown, Console())
        else:
            click.echo(printed(shown), nl=False)


@cli.command(short_help="List the ready tasks.")
@click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else.")
def tasks(as_json: bool) -> None:
    """List the ready tasks: each can be shown, proven, compared."""
    with Guard():
        from rich.console import Console

        from paragone.show import render_tasks, task_list

        found = task_list()
        if as_json:
            _print_record(found)
        else:
            render_tasks(found, Console())


@cli.command(short_help="Write report.html again from a record.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--tensorboard", metavar="DIR", type=click.Path(path_type=Path), help="Write its curves there as well.")
@click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else.")
def report(folder: Path, tensorboard: Path | None, as_json: bool) -> None:
    """Write report.html again from the run.json in DIR, byte for byte; and its curves, as TensorBoard event files."""
    with Guard() as guard:
        from paragone.saved import read_run, write_page

        run = read_run(folder)
        guard.folder = folder
        page = write_page(run, folder)
        if tensorboard is not None:
            from paragone.curves import save_curves

            save_curves(run, tensorboard)
        if as_json:
            _print_record(run)
        else:
            click.echo(page)


@cli.command(epilog=_DIFF_EXAMPLES, short_help="Compare the ratios of two runs.")
@click.argument("first", metavar="RUN", type=click.Path())
@click.argument("second", metavar="RUN", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else.")
def diff(first: str, second: str, as_json: bool) -> None:
    """Compare the ratios of two runs: did one side become slower, beside the other, from the first to the second?

    A RUN is a run's folder, or the first letters of its id in the history ('paragone runs'). Times of two runs are not
    compared, since a machine's speed changes from hour to hour; ratios of sides that were timed in turns can be. Runs
    from unlike machines, or with other versions, are refused.
    """
    with Guard():
        from paragone.diff import diff_runs, lines

        found = diff_runs(first, second)
        if as_json:
            _print_record(found)
        else:
            click.echo("\n".join(lines(found)))


@cli.command(short_help="Check a proof's certificate again.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--again", is_flag=True, help="Run the proof again from DIR alone; this runs the code of its sides.")
@click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def check(folder: Path, again: bool, as_json: bool, quiet: bool) -> None:
    """Check the certificate of the run in DIR: every byte, and the proof derived again from the kept experiments.

    The exit code is 0 if it holds, 1 if it does not, 2 if there is nothing to check. Nothing in DIR is changed.
    """
    with Guard():
        from paragone.certify.check import check as check_folder
        from paragone.certify.words import lines
        from paragone.console import shown_progress

        with shown_progress(quiet or not again) as progress:
            progress.stage("prove again", 1)
            checked = check_folder(folder, again=again, advance=lambda note: progress.advance(0, note))
        if as_json:
            _print_record(checked)
        else:
            click.echo("\n".join(lines(checked)))
    if not checked.holds:
        sys.exit(EXIT_NOT_SAME)


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


for _command in (choose, claims, runs):
    cli.add_command(_command)


def main() -> None:
    """Run the command line."""
    try:
        cli(prog_name="paragone")
    finally:
        ignore_signals()


def _print_record(record: BaseModel) -> None:
    click.echo(record.model_dump_json(by_alias=True, indent=2))


if __name__ == "__main__":
    main()
