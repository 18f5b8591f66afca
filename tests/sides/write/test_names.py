"""Names in written sides: those of a task, those of the side itself, and those that the frameworks give."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.task.test_bad_tasks import GOOD
from tests.vocabulary.words import case_of

from paragone.errors import InputError
from paragone.frameworks.tensorflow.operations import operation_names
from paragone.frameworks.tensorflow.recipe import KerasRecipe
from paragone.layers import layer_kinds
from paragone.sides.write.write import write_side
from paragone.spelling.site import Fidelity
from paragone.task.check import CheckedTask, check_task
from paragone.task.read import parse_task

FRAMEWORKS = ("tensorflow", "torch", "jax")
WORDS = ("conv", "l2_normalize", "lstm", "maximum", "mean", "positional_embedding", "scale", "upsample", "gelu", "sum")
"""Layers whose Keras sides have operations."""
LONGEST = 88


def task(layers: list[dict[str, Any]], **changed: Any) -> CheckedTask:
    """The small good task with other layers."""
    table = tomllib.loads(GOOD)
    model = {**table["model"], "layers": [{"name": "pixels", "kind": "flatten"}, *layers]}
    return check_task(parse_task({**table, "model": model, **changed}))


def dense(name: str, units: int = 3, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": "dense", "units": units, **more}


def text_of(made: CheckedTask, framework: str, fidelity: Fidelity = "matched") -> str:
    return write_side(made, framework, fidelity).text


def test_the_object_of_a_shared_layer_has_a_variable_of_its_own() -> None:
    shared = [
        dense("seen"),
        dense("seen_layer"),
        {"name": "seen_too", "kind": "dense", "shares": "seen", "input": "pixels"},
        {"name": "logits", "kind": "add", "input": ["seen_layer", "seen_too"]},
    ]
    text = text_of(task(shared), "tensorflow")
    assert 'seen_layer_ = layers.Dense(3, name="seen")' in text
    assert "seen_too = seen_layer_(pixels)" in text


@pytest.mark.parametrize("following", ["batch_norm", "add"])
def test_a_layer_and_an_activation_have_two_names_in_keras(following: str) -> None:
    first = {"name": "norm", "kind": following, "activation": "relu"}
    if following == "add":
        first["input"] = ["pixels", "pixels"]
    text = text_of(task([first, dense("norm_activation"), dense("logits")]), "tensorflow")
    names = re.findall(r'name="(\w+)"', text)
    assert "norm_activation" in names
    assert len(set(names)) == len(names)


AVERAGED = [
    {"name": "rows", "kind": "reshape", "target_shape": [8, 8]},
    dense("mean"),
    {"name": "average", "kind": "mean", "axis": 1},
    dense("logits"),
]


def test_a_name_that_keras_gives_to_an_operation_is_refused() -> None:
    made = task(AVERAGED)
    with pytest.raises(InputError, match="'mean' is an operation in the side in Keras") as caught:
        text_of(made, "tensorflow")
    assert "model.layers[2].name" in caught.value.where
    assert all(text_of(made, framework) for framework in ("torch", "jax"))


def test_the_name_of_an_operation_that_a_side_does_not_have_is_free() -> None:
    assert text_of(task([dense("mean"), dense("add_1"), dense("logits")]), "tensorflow")


def test_operations_are_named_as_keras_does() -> None:
    body = 'x = layers.Dense(3, name="c")(x)\nx = layers.ZeroPadding3D(2)(twice(x)) - 1\ny = ops.abs(-x[:, 0]) * -2.0'
    helper = "def twice(x):\n    return ops.mean(x) > ops.mean(x)\n"
    assert operation_names(body, [helper]) == {
        *("mean", "mean_1", "greater", "zero_padding3d", "subtract", "absolute", "negative", "get_item", "multiply")
    }


def test_every_operation_of_a_keras_model_is_known(tmp_path: Path) -> None:
    """Of what Keras itself says about sides that have some."""
    known: dict[str, list[str]] = {}
    for word in WORDS:
        for number, example in enumerate(layer_kinds()[word].entry.examples):  # type: ignore[union-attr]
            made = check_task(parse_task(case_of(word, example, "case").table))
            recipe = KerasRecipe(made, "matched")
            name = f"{word}_{number}.py"
            (tmp_path / name).write_text(recipe.write().text, encoding="utf-8")
            own = [*made.names, *(f"{one}_activation" for one in made.names)]
            known[name] = [*own, *recipe.taken_names()]
    code = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "found = {}\n"
        "for path in Path(sys.argv[1]).glob('*.py'):\n"
        "    import keras\n"
        "    keras.backend.clear_session()\n"
        "    names = {'__name__': 'side', '__file__': str(path)}\n"
        "    exec(path.read_text(encoding='utf-8'), names)\n"
        "    model = names['model']\n"
        "    found[path.name] = [one.name for one in getattr(model, 'operations', model.layers)]\n"
        "print(json.dumps(found))"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert set(found) == set(known)
    assert not {name: set(ops) - set(known[name]) for name, ops in found.items() if set(ops) - set(known[name])}
    assert sum(len(set(ops) & {"mean", "get_item", "multiply", "add"}) for ops in found.values()) > len(WORDS)


def test_a_name_that_a_helper_imports_is_refused() -> None:
    model = {
        "inputs": [{"name": "tokens", "shape": [4], "kind": "int"}],
        "layers": [
            {"name": "valid", "kind": "padding_mask", "input": "tokens"},
            {"name": "vectors", "kind": "embedding", "input": "tokens", "vocabulary_size": 9, "units": 2},
            {"name": "last", "kind": "gru", "units": 2, "input": ["vectors", "valid"]},
            dense("logits"),
        ],
    }
    targets = [{"name": "pack_padded_sequence", "kind": "int"}]
    made = check_task(parse_task({**tomllib.loads(GOOD), "model": model, "targets": targets}))
    with pytest.raises(InputError, match="is an imported name in the side in PyTorch") as caught:
        text_of(made, "torch")
    assert "targets[0].name" in caught.value.where


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_number_of_a_metric_takes_no_name_of_the_task(framework: str) -> None:
    model = {**tomllib.loads(GOOD)["model"], "outputs": ["hidden", "logits"]}
    model["layers"][1].pop("activation")
    targets = [{"name": "accuracy", "kind": "int"}, {"name": "label", "kind": "int"}]
    pairs = (("hidden", "label"), ("logits", "label"), ("logits", "accuracy"))
    metrics = [{"kind": "accuracy", "output": output, "target": target} for output, target in pairs]
    loss = [{"kind": "sparse_categorical_crossentropy", "output": one, "target": "label"} for one in model["outputs"]]
    loss.append({"kind": "sparse_categorical_crossentropy", "output": "logits", "target": "accuracy"})
    table = {**tomllib.loads(GOOD), "model": model, "targets": targets, "loss": loss}
    text = text_of(check_task(parse_task({**table, "metrics": metrics})), framework)
    titles = re.findall(r'print\(f"test (.+?):', text)
    assert titles == ["accuracy of hidden", "accuracy of logits on label", "accuracy of logits on accuracy"]
    alone = text_of(check_task(parse_task({**table, "metrics": metrics[:1]})), framework)
    assert re.search(r"^    accuracy_ = float\(", alone, re.M)
    assert 'print(f"test accuracy: {accuracy_:.4f}")' in alone


@pytest.mark.parametrize("name", ["true", "None", "false", "exception", "warning"])
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_class_has_a_name_of_python(name: str, framework: str) -> None:
    text = text_of(task([dense("logits")], name=name), framework, "plain")
    classes = [one.name for one in ast.parse(text).body if isinstance(one, ast.ClassDef)]
    assert classes == ([] if framework == "tensorflow" else [f"{name.capitalize()}Net"])


def test_letters_with_marks_lose_only_the_marks() -> None:
    assert "class UberTask(nn.Module)" in text_of(task([dense("logits")], name="Über-Täsk"), "torch")
    assert 'name="Uber_Task"' in text_of(task([dense("logits")], name="Über-Täsk"), "tensorflow")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_title_is_written_as_it_is_in_lines_that_are_short(framework: str) -> None:
    title = "What #! is learned  here.\nIs 'so' much " + "and more " * 20
    text = text_of(task([dense("logits")], title=title, about="Of #! it"), framework)
    said = ast.get_docstring(ast.parse(text))
    assert said is not None
    assert " ".join(said.split()).startswith("What #! is learned here. Is 'so' much and more and more")
    assert said.endswith("Of #! it")
    assert max(map(len, text.splitlines())) <= LONGEST


def test_a_chain_of_transformations_has_no_chain_in_it() -> None:
    more = {
        "optimizer": {"kind": "adam", "amsgrad": True, "learning_rate": 1e-5},
        "clipping": {"kind": "norm", "limit": 1.0},
    }
    for schedule in (None, {"kind": "plateau", "every": 2}):
        text = text_of(task([dense("logits")], schedule=schedule, **more), "jax")
        assert text.count("optax.chain(") == 1
        assert "optax.scale_by_learning_rate(1e-5)" in text


def test_the_last_lines_of_a_jax_side_are_short_whatever_the_names() -> None:
    targets = [{"name": f"a_target_with_a_long_name_{number}", "kind": "int"} for number in range(4)]
    loss = [{"kind": "sparse_categorical_crossentropy", "target": one["name"]} for one in targets]
    text = text_of(task([dense("logits")], targets=targets, loss=loss), "jax")
    assert 'print(f"test loss: {loss:.4f}")' in text
    assert max(map(len, text.splitlines())) <= LONGEST
