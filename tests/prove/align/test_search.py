"""Sides made of NumPy functions, whose true alignment is known: the experiments find it, or say that they did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from paragone.prove.align.arranged import arrange
from paragone.prove.align.pair import align_pair
from paragone.prove.align.stage import align

from .numpy_sides import Array, Model, NumpySide, lab_of, pair_of, row, sigmoid, weights_for


def chain(w: Mapping[str, Array], x: Array, names: list[str], activation: Any = np.tanh) -> list[Array]:
    for name in names:
        x = activation(x @ w[name])
    return [x]


@pytest.mark.parametrize("transposed", [(), (1,), (0, 2), (0, 1, 2)])
def test_square_kernels_are_turned_where_they_must_be(transposed: tuple[int, ...]) -> None:
    names = ["k0", "k1", "k2"]
    rows = [row(name, (6, 6)) for name in names]
    b = {name: index in transposed for index, name in enumerate(names)}
    found = pair_of(
        NumpySide("a", rows, lambda w, x: chain(w, x, names)),
        NumpySide("b", rows, lambda w, x: chain({n: v.T if b[n] else v for n, v in w.items()}, x, names)),
    )
    assert found.found is not None
    assert found.found.agrees
    assert [bool(d.mapped(1)[0].steps) for d in found.decisions] == [index in transposed for index in range(3)]
    assert found.found.experiments < 20


@pytest.mark.parametrize("order", [(1, 0, 2, 3), (3, 1, 0, 2), (1, 2, 3, 0)])
def test_layers_of_one_form_in_another_order_are_told_apart(order: tuple[int, ...]) -> None:
    names = ["a", "b", "c", "d"]
    functions = [np.tanh, np.sin, np.cos, np.arctan]

    def model(w: Mapping[str, Array], x: Array) -> list[Array]:
        return [sum(f(x @ w[n]) * (i + 1) for i, (n, f) in enumerate(zip(names, functions, strict=True)))]

    rows = [row(name, (6, 6)) for name in names]
    found = pair_of(NumpySide("a", rows, model), NumpySide("b", [rows[i] for i in order], model))
    assert found.found is not None
    assert found.found.agrees
    assert all(decision.paths(0) == decision.paths(1) for decision in found.decisions)


def test_known_layers_of_one_form_that_run_in_another_order_are_put_right() -> None:
    def known(name: str, at: int) -> dict[str, object]:
        return row(name, (6, 6), layer=f"dense_{at}", kind="dense", role="kernel_io")

    def side(name: str, order: str, model: Model) -> NumpySide:
        one = NumpySide(name, [known(letter, at) for at, letter in enumerate(order, 1)], model)
        one.weights = {f"dense_{at}/kernel_io": [6, 6] for at in (1, 2)}
        return one

    model = lambda w, x: [np.tanh(x @ w["l"]) + np.sin(x @ w["r"])]  # noqa: E731
    lab = lab_of(side("a", "lr", model), side("b", "rl", model))
    found = align([one.subject() for one in lab.sides.values()], lab.laboratory, 0)
    assert found.alignments[0].agrees
    assert {weight.name: weight.path for weight in lab.maps["a"].weights} == {
        weight.name: weight.path for weight in lab.maps["b"].weights
    }
    lab = lab_of(side("a", "lr", model), side("b", "lr", lambda w, x: [np.tanh(x @ w["l"]) - np.sin(x @ w["r"])]))
    found = align([one.subject() for one in lab.sides.values()], lab.laboratory, 0)
    assert found.alignments == ()
    assert not lab.maps


def test_layers_that_the_sides_count_otherwise_keep_names_of_their_own() -> None:
    """One side has a class of its own for its first layer, which it does not count: each layer keeps its weights."""

    def dense(path: str, at: int) -> list[dict[str, Any]]:
        known = {"layer": f"dense_{at}", "kind": "dense"}
        kernel, bias = row(f"{path}.w", (6, 6), role="kernel_io", **known), row(f"{path}.b", (6,), role="bias", **known)
        return [kernel, bias]

    own = [row("own.w", (6, 6)), row("own.b", (6,))]
    a = NumpySide("a", [*own, *dense("second", 1)], lambda w, x: stack(w, x, ["own", "second"]))
    b = NumpySide("b", [*dense("one", 1), *dense("two", 2)], lambda w, x: stack(w, x, ["one", "two"]))
    found = pair_of(a, b)
    assert found.found is not None
    assert found.found.agrees
    names = {decision.paths(1)[0]: decision.names[0] for decision in found.decisions}
    assert names == {
        "one.w": "dense_1/kernel_io",
        "one.b": "dense_1/bias",
        "two.w": "dense_2/kernel_io",
        "two.b": "dense_2/bias",
    }


def stack(w: Mapping[str, Array], x: Array, layers: list[str]) -> list[Array]:
    for layer in layers:
        x = np.tanh(x @ w[f"{layer}.w"] + w[f"{layer}.b"])
    return [x]


def test_branches_that_are_alike_may_be_exchanged() -> None:
    rows = [row("left", (6, 6)), row("right", (6, 6))]
    model = lambda w, x: [np.tanh(x @ w["left"]) + np.tanh(x @ w["right"])]  # noqa: E731
    found = pair_of(NumpySide("a", rows, model), NumpySide("b", rows[::-1], model))
    assert found.found is not None
    assert found.found.agrees
    assert found.found.experiments < 5


def test_where_outputs_cannot_tell_gradients_do() -> None:
    """One of two branches has its gradient stopped."""
    rows = [row("left", (6, 4)), row("right", (6, 4))]
    model = lambda w, x: [x @ w["left"] + x @ w["right"]]  # noqa: E731
    ones, zeros = np.ones((6, 4)), np.zeros((6, 4))
    found = pair_of(
        NumpySide("a", rows, model, gradients={"left": ones, "right": zeros}),
        NumpySide("b", rows, model, gradients={"left": zeros, "right": ones}),
    )
    assert found.found is not None
    assert found.found.agrees
    assert [decision.paths(1) for decision in found.decisions] == [("right",), ("left",)]


def test_two_biases_are_added_up() -> None:
    model = lambda w, x: [np.tanh(x @ w["cell.w"] + w["cell.bias_ih"] + w["cell.bias_hh"])]  # noqa: E731
    one = lambda w, x: [np.tanh(x @ w["cell.w"] + w["cell.bias"])]  # noqa: E731
    found = pair_of(
        NumpySide("a", [row("cell.w", (6, 5)), row("cell.bias_ih", (5,)), row("cell.bias_hh", (5,))], model),
        NumpySide("b", [row("cell.w", (6, 5)), row("cell.bias", (5,))], one),
    )
    assert found.found is not None
    assert found.found.agrees
    assert found.zeros(0) == ["cell.bias_hh"]
    assert found.decisions[-1].mapped(0)[0].plus == ("cell.bias_hh",)


def test_beside_a_true_difference_the_alignment_is_a_guess_that_says_so() -> None:
    names = ["k0", "k1"]
    rows = [row(name, (6, 6)) for name in names]
    found = pair_of(
        NumpySide("a", rows, lambda w, x: chain(w, x, names)),
        NumpySide("b", rows, lambda w, x: chain({"k0": w["k0"].T, "k1": w["k1"]}, x, names, np.arctan)),
    )
    assert found.found is not None
    assert not found.found.agrees
    assert [bool(d.mapped(1)[0].steps) for d in found.decisions] == [True, False]
    assert not found.found.open


def test_a_difference_that_a_layer_makes_small_hides_no_layout() -> None:
    names = ["k0", "k1"]
    rows = [row(name, (6, 6)) for name in names]
    near = lambda x: np.tanh(x * (1 + 1e-8))  # noqa: E731
    found = pair_of(
        NumpySide("a", rows, lambda w, x: chain(w, x, names)),
        NumpySide("b", rows, lambda w, x: chain({"k0": w["k0"], "k1": w["k1"].T}, x, names, near)),
    )
    assert found.found is not None
    assert found.found.agrees
    assert [bool(d.mapped(1)[0].steps) for d in found.decisions] == [False, True]


def test_a_kernel_without_a_partner_leaves_the_pair_unaligned() -> None:
    found = pair_of(
        NumpySide("a", [row("k", (6, 6)), row("extra", (6, 4))], lambda w, x: [x @ w["k"] @ w["extra"]]),
        NumpySide("b", [row("k", (6, 6))], lambda w, x: [x @ w["k"]]),
    )
    assert not found.complete
    assert found.record([]).only_a == ("extra (6, 4)",)


def test_a_bias_without_a_partner_starts_at_zero_and_is_named() -> None:
    found = pair_of(
        NumpySide("a", [row("k", (6, 4)), row("bias", (4,))], lambda w, x: [x @ w["k"] + w["bias"]]),
        NumpySide("b", [row("k", (6, 4))], lambda w, x: [x @ w["k"]]),
    )
    assert found.complete
    assert found.found is not None
    assert found.found.agrees
    assert found.zeros(0) == ["bias"]
    assert found.record([]).only_a == ("bias (4,)",)


def attention(parts: Sequence[Array], x: Array) -> list[Array]:
    z = x.reshape(len(x), 3, 2)
    q, k, v = (np.tensordot(z, one, 1).reshape(len(x), 3, 2, 2).transpose(0, 2, 1, 3) for one in parts)
    s = np.exp(q @ k.transpose(0, 1, 3, 2))
    return [(s / s.sum(-1, keepdims=True)) @ v]


def of_heads(w: Array) -> list[Array]:
    return [w.reshape(2, 2, 3, 2)[:, :, place].reshape(2, 4) for place in (0, 1, 2)]


def test_three_sides_stacked_split_and_by_heads_get_one_set_of_weights() -> None:
    sides = [
        NumpySide("stacked", [row("qkv", (12, 2))], lambda w, x: attention(np.split(w["qkv"].T, 3, -1), x)),
        NumpySide("split", [row(n, (2, 4)) for n in "qkv"], lambda w, x: attention([w["q"], w["k"], w["v"]], x)),
        NumpySide("by_heads", [row("w", (2, 12))], lambda w, x: attention(of_heads(w["w"]), x)),
    ]
    lab = lab_of(*sides)
    found = align([side.subject() for side in sides], lab.laboratory, 0)
    assert all(one.agrees for one in found.alignments)
    assert len({subject.signature for subject in found.subjects}) == 1
    weights = weights_for(found.subjects[0])
    first, *others = (lab.load(side.name, weights)[0] for side in sides)
    assert all(np.allclose(first, other, rtol=1e-12) for other in others)


def test_known_layers_are_stacked_with_their_biases_and_others_of_the_same_size_are_not() -> None:
    """One dense layer for three projections, as it is mostly written; layers of the same size are no parts of it."""

    def dense(number: int, path: str, shape: tuple[int, int]) -> list[dict[str, Any]]:
        known = {"layer": f"dense_{number}", "kind": "dense"}
        bias = row(f"{path}.bias", shape[1:], role="bias", **known)
        return [row(f"{path}.kernel", shape, role="kernel_io", **known), bias]

    def projected(w: Mapping[str, Array], name: str, z: Array) -> Array:
        return z @ w[f"{name}.kernel"] + w[f"{name}.bias"]

    def attended(parts: Sequence[Array]) -> Array:
        q, k, v = (part * factor for part, factor in zip(parts, (1.0, 0.5, 2.0), strict=True))
        return np.tanh(q @ k.T) @ v

    one = NumpySide("one", dense(1, "qkv", (6, 12)),
                    lambda w, x: [attended(np.split(projected(w, "qkv", x), 3, -1))])  # fmt: skip
    rows = [item for at, n in enumerate("qkv", 1) for item in dense(at, n, (6, 4))]
    split = NumpySide("split", rows, lambda w, x: [attended([projected(w, n, x) for n in "qkv"])])
    found = pair_of(one, split)
    assert found.found is not None and found.found.agrees
    assert [decision.paths(1) for decision in found.decisions] == [
        tuple(f"{n}.{what}" for n in "qkv") for what in ("kernel", "bias")
    ]
    other = NumpySide("other", [*dense(1, "a", (5, 4)), *dense(2, "b", (4, 4)), *dense(3, "c", (9, 4))],
                      lambda w, x: [x[:, :5] @ w["a.kernel"]])  # fmt: skip
    assert not any(len(link.b) > 1 for link in pair_of(one, other).linked.links)


def test_what_one_pair_splits_is_split_in_every_side() -> None:
    """The first side holds two stacks; each of the others splits another one of them."""

    def model(a: Array, b: Array, x: Array) -> list[Array]:
        return [np.tanh(x @ a) * [1, 2, 3, 4], np.sin(x @ b) * [4, 3, 2, 1]]

    def joined(w: Mapping[str, Array], names: str) -> Array:
        return np.concatenate([w[name] for name in names], 1)

    sides = [
        NumpySide("one", [row("a", (4, 6)), row("p", (6, 2)), row("q", (6, 2))],
                  lambda w, x: model(w["a"].T, joined(w, "pq"), x)),
        NumpySide("two", [row("r", (6, 2)), row("s", (6, 2)), row("b", (6, 4))],
                  lambda w, x: model(joined(w, "rs"), w["b"], x)),
        NumpySide("three", [row("r", (6, 2)), row("s", (6, 2)), row("b", (4, 6))],
                  lambda w, x: model(joined(w, "rs"), w["b"].T, x)),
    ]  # fmt: skip
    lab = lab_of(*sides)
    found = align([side.subject() for side in sides], lab.laboratory, 0)
    assert all(one.agrees for one in found.alignments), found.alignments
    assert len({subject.signature for subject in found.subjects}) == 1
    weights = weights_for(found.subjects[0])
    first, *others = (lab.load(side.name, weights) for side in sides)
    for other in others:
        assert all(np.allclose(a, b, rtol=1e-12) for a, b in zip(first, other, strict=True))


def test_outputs_in_another_order_and_with_channels_first_are_recognised() -> None:
    def places(w: Mapping[str, Array], x: Array) -> tuple[Array, Array]:
        y = np.tanh(x @ w["k"])
        return y.reshape(len(x), 2, 3), y[:, :5]

    rows = [row("k", (6, 6))]
    sides = [
        NumpySide("a", rows, lambda w, x: list(places(w, x))),
        NumpySide("b", rows, lambda w, x: [places(w, x)[1], np.moveaxis(places(w, x)[0], -1, 1)]),
    ]
    lab = lab_of(*sides)
    found = align([side.subject() for side in sides], lab.laboratory, 0)
    assert found.alignments[0].agrees
    assert lab.maps["b"].order == (1, 0)
    assert lab.maps["b"].outputs == ("first", "last")


def test_the_recurrent_bias_of_a_gru_that_flax_has_not_is_refused_by_name() -> None:
    flax = [row("cell.dense_h.kernel", (3, 9), owner="Linear"), row("cell.dense_i.kernel", (2, 9), owner="Linear"),
            row("cell.dense_i.bias", (9,), owner="Linear")]  # fmt: skip
    torch = [row("gru.weight_ih_l0", (9, 2), owner="GRU"), row("gru.weight_hh_l0", (9, 3), owner="GRU"),
             row("gru.bias_ih_l0", (9,), owner="GRU"), row("gru.bias_hh_l0", (9,), owner="GRU")]  # fmt: skip

    def gru(w: Array, u: Array, b: Array, inner: Array, x: Array) -> list[Array]:
        h = np.zeros((len(x), 3))
        for step in range(3):
            i, s = x[:, 2 * step : 2 * step + 2] @ w + b, h @ u + inner
            r, z = sigmoid(i[:, :3] + s[:, :3]), sigmoid(i[:, 3:6] + s[:, 3:6])
            h = (1 - z) * np.tanh(i[:, 6:] + r * s[:, 6:]) + z * h
        return [h]

    def flax_model(w: Mapping[str, Array], x: Array) -> list[Array]:
        return gru(w["cell.dense_i.kernel"], w["cell.dense_h.kernel"], w["cell.dense_i.bias"], np.zeros(9), x)

    def torch_model(w: Mapping[str, Array], x: Array) -> list[Array]:
        biases = w["gru.bias_ih_l0"], w["gru.bias_hh_l0"]
        return gru(w["gru.weight_ih_l0"].T, w["gru.weight_hh_l0"].T, *biases, x)

    sides = [NumpySide("torch", torch, torch_model), NumpySide("jax", flax, flax_model)]
    lab = lab_of(*sides)
    found = align([side.subject() for side in sides], lab.laboratory, 0)
    (alignment,) = found.alignments
    assert any(note.startswith("row H3: gru.bias_hh_l0") for note in alignment.notes)
    assert alignment.agrees
    assert found.subjects[0].alone == ("gru.bias_hh_l0 (9,)",)


def test_vectors_go_with_their_module_though_outputs_could_not_tell() -> None:
    """Two normalisations of one form are added up, and run in another order: their shifts could be exchanged."""

    def norm(w: Mapping[str, Array], name: str, x: Array) -> Array:
        return (x - w[f"{name}.mean"]) / np.sqrt(w[f"{name}.var"]) * w[f"{name}.scale"] + w[f"{name}.bias"]

    def rows(names: str) -> list[dict[str, Any]]:
        found = []
        for name in names:
            found.append(row(f"k{name}.w", (6, 5)))
            found += [row(f"{name}.{part}", (5,), buffer=part in {"mean", "var"}) for part in ("scale", "bias")]
            found += [row(f"{name}.{part}", (5,), buffer=True) for part in ("mean", "var")]
        return found

    def model(w: Mapping[str, Array], x: Array) -> list[Array]:
        return [norm(w, "p", x @ w["kp.w"]) + norm(w, "q", np.tanh(x) @ w["kq.w"])]

    found = pair_of(NumpySide("a", rows("pq"), model), NumpySide("b", rows("qp"), model))
    assert found.found is not None
    assert found.found.agrees
    assert all(decision.paths(0) == decision.paths(1) for decision in found.decisions)


class Single(NumpySide):
    """A side that computes in float32, whatever it is asked for."""

    def outputs(self, seed: int) -> list[Array]:
        x = np.random.default_rng(seed).normal(size=(9, 6)).astype(np.float32)
        return [one.astype(np.float32) for one in self.model({k: v.astype(np.float32) for k, v in self.now.items()}, x)]


def test_sides_without_float64_are_aligned_in_float32_against_their_floor() -> None:
    names = [f"k{i}" for i in range(4)]
    rows = [row(name, (6, 6)) for name in names]
    turned = lambda w, x: chain({n: v.T for n, v in w.items()}, x, names)  # noqa: E731
    plain = lambda w, x: chain(w, x, names)  # noqa: E731
    off = lambda w, x: [one + np.float32(2e-3) for one in turned(w, x)]  # noqa: E731
    lab = lab_of(Single("a", rows, plain), Single("b", rows, turned), Single("c", rows, off))
    subjects = [replace(side.subject(), only32="it gives float32 there") for side in lab.sides.values()]
    a, b, c = arrange(subjects, lab.laboratory, 0)
    assert a.dtype == "float32"
    right = align_pair(a, b, lab.laboratory, 0, None)
    assert right.found is not None
    assert right.found.agrees
    assert 1e-8 < right.limits.exact < 1e-4
    assert all(decision.mapped(1)[0].steps for decision in right.decisions)
    assert "float32" in right.record([]).notes[-1]
    wrong = align_pair(a, c, lab.laboratory, 0, None)
    assert wrong.found is not None
    assert wrong.found.distance > wrong.limits.exact


def test_known_sides_whose_outputs_have_channels_first_are_told_so() -> None:
    def known(model: Model, name: str) -> NumpySide:
        one = NumpySide(name, [row("k", (6, 6), layer="dense_1", kind="dense", role="kernel_io")], model)
        one.weights = {"dense_1/kernel_io": [6, 6]}
        return one

    last = known(lambda w, x: [(x @ w["k"]).reshape(-1, 3, 2)], "a")
    first = known(lambda w, x: [np.moveaxis((x @ w["k"]).reshape(-1, 3, 2), -1, 1)], "b")
    lab = lab_of(last, first)
    found = align([one.subject() for one in lab.sides.values()], lab.laboratory, 0)
    assert found.alignments[0].agrees
    assert lab.maps["b"].outputs == ("first",)
    assert lab.maps["a"].outputs == ("last",)
