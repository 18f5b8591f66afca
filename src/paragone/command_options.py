"""The options that several commands have."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from paragone.guard import Guard
from paragone.measure.precision import PRECISIONS as TIMED_IN
from paragone.options import BATCH_SIZE, FIDELITIES, PRECISIONS, SCHEDULER_STEPS, TRACKS, CompareOptions
from paragone.prove.scope import ALL_RUNGS

if TYPE_CHECKING:
    from collections.abc import Callable


def _names(_context: click.Context, _parameter: click.Parameter, given: str | None) -> tuple[str, ...]:
    """Names with commas between them; words that name nothing stay, to be refused."""
    found = tuple(name.strip() for name in (given or "").split(",") if name.strip())
    return found if found or given is None else (given,)


_DEPLOYMENT = (
    click.option(
        "--to",
        metavar="TARGETS",
        callback=_names,
        help="Targets, with commas between them, or all; 'paragone deploy --list' lists them.",
    ),
    click.option(
        "--install",
        is_flag=True,
        help="Make an environment of its own for a target whose packages are missing; this needs the network.",
    ),
    click.option(
        "--processes",
        metavar="N",
        default=CompareOptions.processes,
        show_default=True,
        help="How many processes time every artifact.",
    ),
    click.option(
        "--load",
        metavar="RATES",
        callback=_names,
        help="Put the targets that are servers under load: requests a second, such as 10,50,200.",
    ),
    click.option(
        "--load-seconds",
        type=float,
        default=CompareOptions.load_seconds,
        show_default=True,
        help="How long every server is offered each rate, five times.",
    ),
)
_SIDES = (
    click.argument("sides", nargs=-1, required=True, metavar="SIDE...|TASK", type=click.Path()),
    click.option(
        "--data",
        metavar="SOURCE",
        type=click.Path(),
        help="A built-in name (digits), an .npz, .csv or .parquet file, or module:function.  [default: the task's]",
    ),
    click.option(
        "--out", metavar="DIR", type=click.Path(path_type=Path), help="The run's folder.  [default: runs/NAME]"
    ),
    click.option("--seed", metavar="N", default=CompareOptions.seed, show_default=True, help="Seed of the run."),
    click.option(
        "--batch-size", metavar="N", type=int, help=f"Samples a step.  [default: the task's, or {BATCH_SIZE}]"
    ),
    click.option(
        "--fidelity",
        type=click.Choice(FIDELITIES),
        default=CompareOptions.fidelity,
        show_default=True,
        help="How the sides of a task are written.",
    ),
    click.option(
        "--scheduler-step",
        type=click.Choice(SCHEDULER_STEPS),
        default=CompareOptions.scheduler_step,
        show_default=True,
        help="What a PyTorch scheduler is stepped by.",
    ),
    click.option(
        "--python",
        metavar="NAME=PATH",
        multiple=True,
        help="Another Python for one side (torch, torch-2, or the name of its file); may be given again.",
    ),
    click.option(
        "--keras-backend",
        metavar="NAMES",
        callback=_names,
        help="Run every side in Keras once more on these backends: torch, jax.",
    ),
    click.option("--fresh", is_flag=True, help="Forget the finished trials of an earlier run."),
    click.option(
        "--tensorboard",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Write every curve (losses, drifts, times, memory) as TensorBoard event files into this folder.",
    ),
    click.option(
        "--history/--no-history",
        default=CompareOptions.history,
        show_default=True,
        help="Keep the run in this machine's history, which 'paragone runs' lists.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print the record and nothing else."),
    click.option("--quiet", is_flag=True, help="Show no progress."),
)
_PROOF = (
    click.option(
        "--steps",
        metavar="N",
        default=CompareOptions.steps,
        show_default=True,
        help="Training steps of the trajectory.",
    ),
    click.option(
        "--margin",
        "margins",
        metavar="MEASURE=N",
        multiple=True,
        help="What of a cause's worth counts as nothing: accuracy=POINTS, loss=N or N%, training-loss=N or N%; "
        "may be given again.  [default: accuracy=0.5, loss=2%, training-loss=2%]",
    ),
    click.option(
        "--map",
        "mapping",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Which parameters of the sides correspond; a run writes mapping.toml where it cannot find out.",
    ),
)
_TIMING = (
    click.option(
        "--budget",
        "budget_s",
        metavar="SECONDS",
        default=CompareOptions.budget_s,
        show_default=True,
        help="Time for the timing; it ends earlier where the answer is certain.",
    ),
    click.option(
        "--matters",
        metavar="PERCENT",
        default=CompareOptions.matters,
        show_default=True,
        help="Smallest difference in time that matters.",
    ),
    click.option(
        "--track",
        "tracks",
        type=click.Choice(TRACKS),
        multiple=True,
        default=CompareOptions.tracks,
        show_default=True,
        help="How the sides are run; may be given twice.",
    ),
    click.option(
        "--threads",
        metavar="N",
        default=CompareOptions.threads,
        show_default=True,
        help="CPU threads of each framework; 0 leaves its default.",
    ),
    click.option(
        "--inference/--no-inference",
        default=CompareOptions.inference,
        show_default=True,
        help="Time the model in evaluation mode as well: one sample at a time, and samples per second.",
    ),
    click.option(
        "--epoch/--no-epoch",
        default=CompareOptions.epoch,
        show_default=True,
        help="Time a whole epoch with its data pipeline as well, and the pipeline alone.",
    ),
    click.option(
        "--until",
        metavar="METRIC=LEVEL",
        default=CompareOptions.until,
        help="Time how long training takes until the test set is done so well: accuracy=0.9 or loss=0.2. Every set has "
        "its own seed.",
    ),
    click.option(
        "--max-epochs",
        metavar="N",
        default=CompareOptions.max_epochs,
        show_default=True,
        help="The most epochs of --until.",
    ),
    click.option(
        "--share/--no-share",
        default=CompareOptions.share,
        show_default=True,
        help="Tell what share of this machine's best matrix product the training steps reach.",
    ),
)
_SWEEP = (
    click.option(
        "--sweep",
        metavar="AXIS=SIZES",
        default="",
        help="Time everything at many sizes: batch=1..4096, threads=1..8; of a task length=16..256, LAYER.depth=1..8 "
        "or a number of a layer such as hidden.units=16,64,256. A range goes by powers of two. Without --budget it may "
        "take a minute, and half a minute more for each size.",
    ),
)
_PRECISION = (
    click.option(
        "--precision",
        type=click.Choice(TIMED_IN),
        default=CompareOptions.precision,
        show_default=True,
        help="What the sides compute in: bfloat16 by each framework's own mixed precision, parameters in float32; "
        "tf32 needs a CUDA device.",
    ),
)
_SCOPE = (
    click.option(
        "--rungs",
        metavar="NAME[,NAME…]",
        callback=_names,
        help=f"Only these rungs, of: {', '.join(ALL_RUNGS)}.  [default: all]",
    ),
    click.option(
        "--dtype",
        type=click.Choice(PRECISIONS),
        default=CompareOptions.dtype,
        show_default=True,
        help="Precisions of the ladder; float64 decides where it is climbed.",
    ),
    click.option(
        "--weights",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Start from these: safetensors, with canonical names or one side's own.",
    ),
    click.option(
        "--ignore",
        type=click.Choice(ALL_RUNGS),
        multiple=True,
        help="A rung that is reported but does not decide; may be given again.",
    ),
    click.option(
        "--worth/--no-worth",
        default=CompareOptions.worth,
        show_default=True,
        help="Train over seeds, to say what is learned and what each cause is worth.",
    ),
)


def side_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The argument and the options of every command that runs sides."""
    return _with(_SIDES, command)


def proof_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that proves."""
    return _with(_PROOF, command)


def deployment_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that deploys."""
    return _with(_DEPLOYMENT, command)


def timing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that times."""
    return _with(_TIMING, command)


def sweep_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that asks for many sizes; without a --budget they may take longer the more there are."""

    @wraps(command)
    def shared(**given: Any) -> Any:
        source = click.get_current_context().get_parameter_source("budget_s")
        if given["sweep"] and source is click.core.ParameterSource.DEFAULT:
            with Guard():
                from paragone.measure.sweep.wish import wish

                given["budget_s"] = wish(given["sweep"]).budget_s
        return command(**given)

    return _with(_SWEEP, shared)


def precision_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that says what sides compute in while they are timed."""
    return _with(_PRECISION, command)


def scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which part of a proof is wanted."""
    return _with(_SCOPE, command)


def _with(options: tuple[Callable[..., Any], ...], command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command
