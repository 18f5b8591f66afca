"""Random configurations of dense and flatten, in the form of `examples`."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

SHAPES = st.lists(st.integers(1, 5), min_size=1, max_size=4)
ACTIVATIONS = st.sampled_from(
    ["relu", "tanh", "softmax", "gelu", "leaky_relu", "hard_swish", "log_softmax", "sparsemax"]
)
"""Of layers: element by element and along the channels, native and composed."""

STRATEGIES: dict[str, SearchStrategy[dict[str, Any]]] = {
    "dense": st.fixed_dictionaries(
        {"shape": SHAPES, "units": st.integers(1, 5)},
        optional={"use_bias": st.booleans(), "activation": ACTIVATIONS},
    ),
    "flatten": st.fixed_dictionaries({"shape": SHAPES}),
}
