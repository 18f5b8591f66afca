"""The models that traps are planted in: ready tasks, some with another layer, optimizer or loss, written `matched`.

A host whose name has a `+` is a ready task with a change; the model's other layers, its data and its loss stay.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from paragone.job import code_digest
from paragone.sides.write.write import write_side
from paragone.task.check import CheckedTask, check_task
from paragone.task.read import parse_task, ready_tasks
from paragone.trials import write_whole

BUILD = Path(__file__).parents[2] / "build" / "trapbench"
Table = dict[str, Any]
Change = Callable[[Table], None]


def with_(**tables: Any) -> Change:
    """Whole tables of the task in the place of its own: `optimizer`, `loss`, `schedule`, `clipping`, `training`."""
    return lambda table: table.update(tables)


def layer(name: str, **options: Any) -> Change:
    """Options of a layer; with `kind` another layer in its place."""

    def change(table: Table) -> None:
        rows = table["model"]["layers"]
        index = next(i for i, row in enumerate(rows) if row["name"] == name)
        kept = {key: rows[index][key] for key in ("name", "input") if key in rows[index]}
        rows[index] = {**(kept if "kind" in options else rows[index]), **options}

    return change


def after(at: str, **row: Any) -> Change:
    """A further layer behind another one; who took that one's output takes this one's."""

    def change(table: Table) -> None:
        rows = table["model"]["layers"]
        index = next(i for i, row in enumerate(rows) if row["name"] == at)
        rows.insert(index + 1, row)

    return change


@dataclass(frozen=True)
class Host:
    """A model.

    Args:
        task: the ready task.
        changes: of its table.
    """

    task: str
    changes: tuple[Change, ...] = ()

    def table(self) -> Table:
        """The task's table."""
        table: Table = tomllib.loads(ready_tasks()[self.task].read_text(encoding="utf-8"))
        for change in self.changes:
            change(table)
        return {"name": self.task, **table}


def _each(tasks: str, suffix: str, *changes: Change) -> dict[str, Host]:
    return {f"{task}+{suffix}": Host(task, changes) for task in tasks.split()}


def _at(places: Mapping[str, str], suffix: str, change: Callable[[str], Change], *more: Change) -> dict[str, Host]:
    """A change at a layer of each task."""
    return {f"{task}+{suffix}": Host(task, (change(at), *more)) for task, at in places.items()}


HIDDEN = {"digits-mlp": "hidden", "breast-cancer": "hidden", "waves": "hidden"}
HIDDEN_OF = {**HIDDEN, "diabetes-regression": "hidden", "recommender": "user_hidden"}
IMAGES = {"digits-cnn": "strokes", "waves": "edges", "shapes-unet": "fine"}
MANY = "digits-mlp breast-cancer waves"
NUMBERS = "recommender digits-autoencoder"
PLAIN_REGRESSION = Host("diabetes-regression", (with_(loss={"kind": "mean_squared_error"}),
                                                layer("hidden", l2=0.0), layer("progression", l2=0.0)))  # fmt: skip
_SGD = {"kind": "sgd", "learning_rate": 0.05, "momentum": 0.9}
_BATCHES = {"batch_size": 128}


def _norm(kind: str, **options: Any) -> Callable[[str], Change]:
    return lambda at: after(at, name="norm", kind=kind, **options)


def _acting(kind: str, **options: Any) -> Callable[[str], Change]:
    return lambda at: layer(at, activation={"kind": kind, **options})


HOSTS: dict[str, Host] = {
    **{task: Host(task) for task in ready_tasks()},
    "diabetes-regression+mse": PLAIN_REGRESSION,
    # optimizers
    **_each(MANY, "sgd", with_(optimizer={"kind": "sgd", "learning_rate": 0.05})),
    **_each(MANY, "momentum", with_(optimizer=_SGD)),
    **_each(MANY, "nesterov", with_(optimizer={**_SGD, "nesterov": True})),
    **_each(MANY, "adamw", with_(optimizer={"kind": "adamw", "learning_rate": 0.002, "weight_decay": 0.01})),
    **_each(MANY, "rmsprop", with_(optimizer={"kind": "rmsprop", "learning_rate": 0.002})),
    **_each(MANY, "adagrad", with_(optimizer={"kind": "adagrad", "learning_rate": 0.01})),
    **_each(MANY, "adadelta", with_(optimizer={"kind": "adadelta", "learning_rate": 0.5})),
    **_each(MANY, "adamax", with_(optimizer={"kind": "adamax", "learning_rate": 0.002})),
    **_each(MANY, "nadam", with_(optimizer={"kind": "nadam", "learning_rate": 0.002})),
    **_each(MANY, "lion", with_(optimizer={"kind": "lion", "learning_rate": 0.0005})),
    **_each(MANY, "clipped", with_(clipping={"kind": "global_norm", "limit": 0.05})),
    **_each(MANY, "clipped-value", with_(clipping={"kind": "value", "limit": 0.005})),
    # schedules that end within ten steps; with batches of 128 an epoch has four to fifteen
    **_each(MANY, "cosine", with_(schedule={"kind": "cosine", "steps": 5}, optimizer=_SGD)),
    **_each(MANY, "piecewise", with_(
        schedule={"kind": "piecewise", "boundaries": [4]}, optimizer=_SGD)),
    **_each(MANY, "exponential", with_(
        schedule={"kind": "exponential", "steps": 4, "factor": 0.5}, optimizer=_SGD, training=_BATCHES)),
    **_each(MANY, "warmup", with_(schedule={"kind": "warmup_cosine", "warmup": 3, "steps": 8}, optimizer=_SGD)),
    # losses
    **_each(MANY.replace("waves", "digits-cnn"), "smoothed", with_(
        loss={"kind": "sparse_categorical_crossentropy", "label_smoothing": 0.1})),
    **_each("digits-mlp digits-cnn", "weighted", with_(
        loss={"kind": "sparse_categorical_crossentropy", "class_weights": [3.0] + [1.0] * 9})),
    **_each("recommender digits-autoencoder", "huber", with_(loss={"kind": "huber", "delta": 0.5})),
    **_at({"digits-mlp": "hidden", "recommender": "taste"}, "l2", lambda at: layer(at, l2=0.01)),
    # layers
    **_at(HIDDEN, "bn", _norm("batch_norm", momentum=0.9)),
    **_at(HIDDEN, "ln", _norm("layer_norm")),
    **_at(HIDDEN, "rms", _norm("rms_norm")),
    **_at(IMAGES, "gn", _norm("group_norm", groups=4)),
    **_at(IMAGES, "in", _norm("instance_norm")),
    **_at(HIDDEN, "dropout", lambda at: after(at, name="dropout", kind="dropout", rate=0.2)),
    **_at(HIDDEN_OF, "leaky", _acting("leaky_relu", slope=0.1)),
    **_at(HIDDEN, "gelu", _acting("gelu")),
    **_at(HIDDEN, "elu", _acting("elu")),
    **_at(HIDDEN, "celu", _acting("celu", alpha=0.5)),
    **_at(HIDDEN, "hard-sigmoid", _acting("hard_sigmoid")),
    **_at(HIDDEN, "softplus", _acting("softplus")),
    **_at(IMAGES, "softmax", _acting("softmax")),
    **_at(IMAGES, "relu6", _acting("relu6")),
    "digits-cnn+average": Host("digits-cnn", (layer("strokes_pool", kind="average_pool", padding="same", pool_size=3,
                                                    strides=2),)),
    "digits-cnn+average-same": Host("digits-cnn", (layer("shapes_pool", kind="average_pool", padding="same",
                                                         pool_size=3, strides=2),)),
    "waves+average-same": Host("waves", (layer("swings", kind="average_pool", padding="same", pool_size=3),)),
    "shapes-unet+bilinear": Host("shapes-unet", (layer("bottom_up", kind="upsample", interpolation="bilinear"),)),
    "digits-vit+causal": Host("digits-vit", (layer("attention1", causal=True),)),
    "waves+lstm": Host("waves", (layer("swings", kind="lstm", units=8), layer("features", kind="scale", factor=1.0))),
    **_at({"waves": "swings"}, "both-ways", lambda at: layer(at, kind="lstm", units=8, bidirectional=True),
          layer("features", kind="scale", factor=1.0)),
    "waves+padded": Host("waves", (layer("edges", padding="same"),)),
}  # fmt: skip


@cache
def checked(host: str) -> CheckedTask:
    """The task of a host."""
    return check_task(parse_task(HOSTS[host].table(), host), host)


@cache
def written(host: str, framework: str) -> str:
    """The clean side of a host; kept in the build folder, because a formatter works on it."""
    path = BUILD / "sides" / code_digest()[:12] / f"{host}-{framework}.py"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, write_side(checked(host), framework, "matched").text.encode())
    return path.read_text(encoding="utf-8")
