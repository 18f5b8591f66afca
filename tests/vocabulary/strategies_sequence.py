"""Random configurations of the words for sequences, for `tests.vocabulary.words`."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

TIMES = st.integers(1, 6)
SIZES = st.integers(1, 4)
FLAGS = st.booleans()


@st.composite
def _recurrent(draw: DrawFn, **more: SearchStrategy[Any]) -> dict[str, Any]:
    time, features = draw(TIMES), draw(SIZES)
    way = draw(st.sampled_from(({}, {"bidirectional": True}, {"go_backwards": True})))
    options = {"units": draw(SIZES), "return_sequences": draw(FLAGS), "use_bias": draw(FLAGS), **way}
    options |= {name: draw(strategy) for name, strategy in more.items()}
    if draw(FLAGS):
        return {**options, "shapes": ((time, features), (time,)), "kinds": ("float", "bool")}
    return {**options, "shape": (time, features)}


@st.composite
def _attention(draw: DrawFn) -> dict[str, Any]:
    heads, size = draw(st.integers(1, 3)), draw(SIZES)
    fits = draw(FLAGS)  # the heads add up to the query's size, as PyTorch's own layer wants it
    query = (draw(TIMES), heads * size if fits else draw(SIZES))
    shapes: list[tuple[int, ...]] = [query]
    n_values = draw(st.integers(1, 3))
    time = query[0] if n_values == 1 else draw(TIMES)
    shapes += [(time, query[1] if draw(FLAGS) else draw(SIZES)) for _ in range(n_values - 1)]
    kinds = ["float"] * n_values
    if mask := draw(st.sampled_from(((), (time,), (query[0], time)))):
        shapes.append(mask)
        kinds.append("bool")
    if heads in (query[0], time) and heads > 1:
        size = max(size, 2)  # Keras cannot (row C11)
    options = {"num_heads": heads, "key_dim": size, "use_bias": draw(FLAGS), "causal": draw(FLAGS)}
    options["dropout"] = draw(st.sampled_from((0.0, 0.0, 0.1, 0.5)))
    return {**options, "shapes": tuple(shapes), "kinds": tuple(kinds)}


@st.composite
def _embedding(draw: DrawFn) -> dict[str, Any]:
    entries = draw(st.integers(1, 9))
    shape = tuple(draw(st.lists(st.integers(1, 4), max_size=2)))
    return {
        "vocabulary_size": entries,
        "units": draw(SIZES),
        "shape": shape,
        "kinds": ("int",),
        "high": draw(st.integers(1, entries)),
    }


@st.composite
def _padding_mask(draw: DrawFn) -> dict[str, Any]:
    high = draw(st.integers(2, 7))
    return {"pad_id": draw(st.integers(0, high)), "shape": (draw(st.integers(1, 12)),), "kinds": ("int",), "high": high}


@st.composite
def _last_step(draw: DrawFn) -> dict[str, Any]:
    time, features = draw(st.integers(1, 14)), draw(st.integers(1, 10))
    if draw(FLAGS):
        return {"shapes": ((time, features), (time,)), "kinds": ("float", "bool")}
    return {"shape": (time, features)}


STRATEGIES: dict[str, SearchStrategy[dict[str, Any]]] = {
    "simple_rnn": _recurrent(),
    "lstm": _recurrent(unit_forget_bias=FLAGS),
    "gru": _recurrent(reset_after=FLAGS),
    "multi_head_attention": _attention(),
    "embedding": _embedding(),
    "positional_embedding": st.fixed_dictionaries({"shape": st.tuples(st.integers(1, 24), st.integers(1, 16))}),
    "padding_mask": _padding_mask(),
    "last_step": _last_step(),
}
