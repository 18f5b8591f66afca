"""Every fault of a task file gives one clear error: the field, what was expected, what stands there."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.errors import InputError
from paragone.task.check import check_task
from paragone.task.data.script import data_script
from paragone.task.read import MAX_BYTES, parse_task, read_task

GOOD = """
[data]
source = "digits"

[[model.inputs]]
name = "image"
shape = [8, 8, 1]

[[model.layers]]
name = "pixels"
kind = "flatten"

[[model.layers]]
name = "hidden"
kind = "dense"
units = 4
activation = "relu"

[[model.layers]]
name = "logits"
kind = "dense"
units = 3

[[targets]]
name = "label"
kind = "int"

[loss]
kind = "sparse_categorical_crossentropy"

[optimizer]
kind = "sgd"
learning_rate = 0.1
"""

FAULTS = {
    # what is changed, what it becomes, words of the place, words of the rest
    "unknown layer": ('kind = "flatten"', 'kind = "flaten"', "layers[0] (pixels).kind", "did you mean flatten"),
    "unknown loss": (
        "sparse_categorical_crossentropy",
        "sparse_crossentropy",
        "loss[0].kind",
        "or sparse_categorical_crossentropy?",
    ),
    "unknown optimizer": ('kind = "sgd"', 'kind = "sdg"', "optimizer.kind", "did you mean sgd"),
    "unknown activation": ('"relu"', '"rellu"', "layers[1] (hidden).activation", "did you mean relu"),
    "a layer as a framework calls it": ('kind = "dense"', 'kind = "Dense"', "(hidden).kind", "did you mean dense?"),
    "a layer as people call it": ('kind = "dense"', 'kind = "fc"', "(hidden).kind", "did you mean dense?"),
    "an activation's other name": ('"relu"', '"swish"', "(hidden).activation", "did you mean silu?"),
    "an option's short name": ("learning_rate = 0.1", "lr = 0.1", "optimizer.lr", "did you mean learning_rate?"),
    "an initialiser's other name": (
        "units = 4",
        'units = 4\nkernel_initializer = "xavier_uniform"',
        "layers[1] (hidden).kernel_initializer",
        "did you mean glorot_uniform?",
    ),
    "an initialiser in other letters": (
        "units = 4",
        'units = 4\nkernel_initialiser = "normal"',
        "layers[1] (hidden).kernel_initialiser",
        "did you mean kernel_initializer",
    ),
    "a metric with an option": (
        "[data]",
        'metrics = [{ kind = "accuracy", k = 5 }]\n[data]',
        "metrics[0].k",
        "kind, output, target",
    ),
    "a metric twice": ("[data]", 'metrics = ["accuracy", "accuracy"]\n[data]', "metrics[1]", "named twice"),
    "a control character": ("[data]", 'title = "a\\u0000b"\n[data]', "title", "without control characters"),
    "text that runs backwards": ("[data]", 'about = "a\\u202Eb"\n[data]', "about", "without control characters"),
    "a factor beyond all rates": (
        "[optimizer]",
        '[schedule]\nkind = "piecewise"\nboundaries = [1, 2]\nfactor = 1e300\n\n[optimizer]',
        "schedule.factor",
        "less than or equal to 1000",
    ),
    "a Lion that is none": ('kind = "sgd"', 'kind = "lion"\nbeta_1 = 0.0', "optimizer.beta_1", "greater than 0"),
    "an activation of whole numbers": (
        'shape = [8, 8, 1]\n\n[[model.layers]]\nname = "pixels"\nkind = "flatten"',
        'kind = "int"\nshape = [64]\n\n[[model.layers]]\nname = "pixels"\nkind = "relu"',
        "layers[0] (pixels)",
        "an input of floating numbers",
    ),
    "an activation of truth values": (
        'shape = [8, 8, 1]\n\n[[model.layers]]\nname = "pixels"\nkind = "flatten"',
        'kind = "int"\nshape = [64]\n\n[[model.layers]]\nname = "pixels"\nkind = "padding_mask"\nactivation = "gelu"',
        "layers[0] (pixels).activation",
        "an input of floating numbers",
    ),
    "options that do not go together": (
        "[optimizer]",
        '[schedule]\nkind = "warmup_cosine"\nwarmup = 9\nsteps = 5\n\n[optimizer]',
        "schedule",
        "The schedule warmup_cosine has options that do not go together.",
    ),
    "unknown option": ("units = 4", "unitz = 4", "layers[1] (hidden).unitz", "did you mean units"),
    "unknown field": ("[data]", "[dta]\nx = 1\n[data]", "dta", "expected"),
    "missing option": ("units = 4\n", "", "layers[1] (hidden).units", "needs 'units'"),
    "missing section": ('[data]\nsource = "digits"', "", "data", "needs 'data'"),
    "a number below 1": ("units = 4", "units = 0", "layers[1] (hidden).units", "greater than 0"),
    "a text for a number": ("units = 4", 'units = "4"', "layers[1] (hidden).units", "whole number"),
    "not finite": ("learning_rate = 0.1", "learning_rate = nan", "optimizer.learning_rate", "received"),
    "unknown input": ("units = 4", 'units = 4\ninput = "pixel"', "layers[1] (hidden).input", "did you mean pixels"),
    "a circle": ("units = 4", 'units = 4\ninput = "logits"', "layers", "hidden → logits"),
    "two of a name": ('name = "hidden"', 'name = "pixels"', "model.layers[1].name", "pixels, which is layers[0] too"),
    "a layer with the name of an input": ('name = "hidden"', 'name = "image"', "layers[1].name", "inputs[0] too"),
    "a target with the name of a layer": ('name = "label"', 'name = "hidden"', "targets[0].name", "received: hidden"),
    "no identifier": ('name = "hidden"', 'name = "2nd layer"', "layers[1].name", "small letters"),
    "a reserved name": ('name = "hidden"', 'name = "optimizer"', "layers[1].name", "do not use themselves"),
    "a shape that does not fit": (
        'kind = "flatten"',
        'kind = "conv3d"\nfilters = 2\nkernel_size = 3',
        "layers[0] (pixels)",
        "image gives (8, 8, 1)",
    ),
    "labels of another shape": (
        'kind = "int"\n\n[loss]',
        'kind = "int"\nshape = [3]\n\n[loss]',
        "loss[0]",
        "output 'logits' (3,)",
    ),
    "nothing takes it": (
        "[[targets]]",
        '[[model.layers]]\nname = "idle"\nkind = "relu"\ninput = "hidden"\n'
        '\n[model]\noutputs = ["logits"]\n[[targets]]',
        "model",
        "Nothing takes 'idle'",
    ),
    "an initialiser that is none": (
        "units = 4",
        'units = 4\nkernel_initializer = "glorot"',
        "layers[1] (hidden).kernel_initializer",
        "did you mean glorot_",
    ),
    "a penalty without a kernel": ('kind = "flatten"', 'kind = "flatten"\nl2 = 0.1', "layers[0] (pixels).l2", "kernel"),
    "shares what is not there": (
        "units = 3",
        'shares = "hiden"',
        "layers[2] (logits).shares",
        "did you mean hidden",
    ),
    "shares with one that shares": (
        "units = 3",
        'shares = "hidden"\ninput = "pixels"\n[[model.layers]]\nname = "third"\nkind = "dense"\nshares = "logits"\n'
        'input = "pixels"\n[[model.layers]]\nname = "joined"\nkind = "add"\ninput = ["logits", "third"]',
        "layers[3] (third)",
        'shares = "hidden" and no options',
    ),
    "too many inputs": ("units = 4", 'units = 4\ninput = ["pixels", "pixels"]', "layers[1] (hidden).input", "1 input"),
    "an output that is none": (
        "[[targets]]",
        '[model]\noutputs = ["logit"]\n[[targets]]',
        "outputs[0]",
        "did you mean",
    ),
    "weights of samples that are not there": (
        "[loss]",
        '[[targets]]\nname = "importance"\n\n[loss]\nsample_weight = "importence"',
        "loss[0].sample_weight",
        "did you mean importance",
    ),
    "weights of samples without a second target": (
        "[loss]",
        '[loss]\nsample_weight = "importance"',
        "loss[0].sample_weight",
        "the data's y1",
    ),
    "a target that weighs itself": (
        "[loss]",
        '[loss]\ntarget = "label"\nsample_weight = "label"',
        "loss[0].sample_weight",
        "another target",
    ),
    "weights of samples that are whole numbers": (
        "[loss]",
        '[[targets]]\nname = "importance"\nkind = "int"\n\n[loss]\nsample_weight = "importance"',
        "loss[0].sample_weight",
        "a float target of shape ()",
    ),
    "weights of samples of another shape": (
        "[loss]",
        '[[targets]]\nname = "importance"\nshape = [3]\n\n[loss]\nsample_weight = "importance"',
        "loss[0].sample_weight",
        "a target (3,)",
    ),
    "weights of samples first": (
        "[[targets]]",
        '[[targets]]\nname = "importance"\n\n[[targets]]',
        "loss[0].target",
        "importance, label",
    ),
    "a plateau without every": (
        "[optimizer]",
        '[schedule]\nkind = "plateau"\n\n[optimizer]',
        "schedule.every",
        "needs 'every'",
    ),
    "a threshold that nothing can pass": (
        "[optimizer]",
        '[schedule]\nkind = "plateau"\nevery = 1\nthreshold = 1.5\n\n[optimizer]',
        "schedule",
        "below 1",
    ),
    "a negative penalty": ("units = 4", "units = 4\nl2 = -1.0", "layers[1].l2", "greater than or equal to 0"),
    "a text for a list": ("shape = [8, 8, 1]", 'shape = "8"', "inputs[0].shape", "received"),
}


def checked(text: str) -> None:
    table = tomllib.loads(_toml(text))
    check_task(parse_task(table, "my.toml"), "my.toml")


def _toml(text: str) -> str:
    """TOML wants `[model]` before its lists: bring a late one forward."""
    before, found, after = text.partition("\n[model]\n")
    line, _, rest = after.partition("\n")
    return (
        before.replace("[[model.inputs]]", f"[model]\n{line}\n\n[[model.inputs]]", 1) + f"\n{rest}" if found else text
    )


def test_the_good_task_is_good() -> None:
    checked(GOOD)


def test_weights_of_samples_stand_behind_what_is_learned() -> None:
    text = GOOD.replace("[[targets]]", '[[targets]]\nname = "importance"\n\n[[targets]]', 1)
    with pytest.raises(InputError) as caught:
        checked(text.replace("[loss]", '[loss]\nsample_weight = "importance"', 1))
    assert "targets[0]" in caught.value.where
    assert "order" in caught.value.next_step


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_one_clear_error(fault: str) -> None:
    old, new, place, words = FAULTS[fault]
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        checked(GOOD.replace(old, new, 1))
    text = str(caught.value)
    assert place in caught.value.where, text
    assert words in text
    assert caught.value.where.startswith("my.toml")


def test_an_error_of_shapes_names_what_leads_to_the_layer_and_nothing_else() -> None:
    table = tomllib.loads(GOOD)
    layers = [{"name": f"deep_{number}", "kind": "dense", "units": 5 + number % 2} for number in range(60)]
    layers[0]["input"] = "pixels"
    aside = [{"name": f"aside_{number}", "kind": "relu", "input": "pixels"} for number in range(9)]
    last = {"name": "joined", "kind": "add", "input": ["deep_58", "deep_59"]}
    table["model"]["layers"] = [table["model"]["layers"][0], *layers, *aside, last]
    with pytest.raises(InputError) as caught:
        check_task(parse_task(table, "my.toml"), "my.toml")
    error = caught.value
    assert error.where == "my.toml: model.layers[70] (joined)"
    assert "deep_58 gives (5,) and deep_59 gives (6,)" in error.what
    assert error.next_step.startswith("the values before it are deep_55 (6,), deep_56 (5,), ")
    assert "aside" not in str(error)


def test_an_option_that_does_not_fit_names_the_values_before_it_too() -> None:
    with pytest.raises(InputError) as caught:
        checked(GOOD.replace('kind = "flatten"', 'kind = "conv"\nfilters = 2\nkernel_size = 9', 1))
    assert caught.value.where.endswith("(pixels).kernel_size")
    assert caught.value.next_step == "the values before it are image (8, 8, 1)"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("model", 3, "a table"),
        ("optimizer", ["sgd"], "a table"),
        ("title", 3, "a text"),
        ("model.layers", "a", "a list"),
        ("model.layers", ["a"], "a table"),
        ("model.layers", [], "at least 1 of them"),
        ("model.layers", [{"name": "a", "kind": "flatten", "input": []}], "at least 1 of them"),
        ("model.outputs", "logits", "a list"),
    ],
)
def test_what_is_expected_is_said_in_the_words_of_the_file(field: str, value: Any, expected: str) -> None:
    table = tomllib.loads(GOOD)
    first, _, second = field.partition(".")
    (table[first] if second else table)[second or first] = value
    with pytest.raises(InputError) as caught:
        parse_task(table, "my.toml")
    assert caught.value.expected == expected


@pytest.mark.parametrize("kind", ["dot", "glu"])
def test_layers_that_compute_take_floating_numbers(kind: str) -> None:
    table = tomllib.loads(GOOD)
    table["model"]["inputs"] = [{"name": "tokens", "shape": [6], "kind": "int"}]
    given = ["tokens"] * (2 if kind == "dot" else 1)
    table["model"]["layers"][0] = {"name": "pixels", "kind": kind, "input": given}
    with pytest.raises(InputError, match="an input of floating numbers"):
        check_task(parse_task(table))


def test_a_model_without_weights_has_nothing_to_learn() -> None:
    table = tomllib.loads(GOOD)
    table["model"]["layers"] = [{"name": "pixels", "kind": "flatten"}, {"name": "scaled", "kind": "softmax"}]
    with pytest.raises(InputError) as caught:
        check_task(parse_task(table, "my.toml"), "my.toml")
    assert caught.value.what == "The model has nothing to learn."
    assert caught.value.where == "my.toml: model.layers"
    assert caught.value.received == "flatten, softmax"


def test_an_unknown_source_is_a_field_of_the_task() -> None:
    with pytest.raises(InputError) as caught:
        data_script("digitts")
    assert caught.value.where == "data.source"
    assert caught.value.next_step == "did you mean digits?"


FILES: dict[str, tuple[bytes, str]] = {
    "big.toml": (b"#" * (MAX_BYTES + 1), "too large"),
    "latin.toml": ("title = 'é'".encode("latin-1"), "not UTF-8"),
    "broken.toml": (b"title = ", "not TOML"),
    "deep.toml": (b"x = " + b"[" * 20000 + b"]" * 20000, "not TOML"),
    "empty.toml": (b"", "needs 'data'"),
    "zero.toml": (b"\0\0\0", "not TOML"),
}


@pytest.mark.parametrize("name", FILES)
def test_files_that_are_no_tasks(name: str, tmp_path: Path) -> None:
    content, words = FILES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_task(str(tmp_path / name))
    assert words in str(caught.value) or "nested too deeply" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("argument", ["digits-mpl", "nowhere.toml", "/", "."])
def test_what_is_no_task(argument: str) -> None:
    with pytest.raises(InputError):
        read_task(argument)


def test_the_nearest_ready_task_is_named() -> None:
    with pytest.raises(InputError) as caught:
        read_task("digits-mpl")
    assert "digits-mlp" in str(caught.value)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_any_value_anywhere_gives_a_task_or_one_error(data: st.DataObject) -> None:
    table: dict[str, Any] = tomllib.loads(GOOD)
    spots: list[tuple[Any, Any]] = []

    def walk(part: Any) -> None:
        for key in part if isinstance(part, dict) else range(len(part)):
            spots.append((part, key))
            if isinstance(part[key], (dict, list)):
                walk(part[key])

    walk(table)
    part, key = data.draw(st.sampled_from(range(len(spots))).map(lambda i: spots[i]))
    part[key] = data.draw(PLAIN)
    try:
        check_task(parse_task(table, "my.toml"), "my.toml")
    except InputError as error:
        assert error.where.startswith("my.toml")
