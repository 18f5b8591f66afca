"""What written sides bring where a framework's own attention is not exact."""

from __future__ import annotations

from paragone.spelling.spelled import Helper, Note

KERAS_EXACT = Helper(
    "ExactAttention",
    '''
class ExactAttention(layers.MultiHeadAttention):
    """Multi-head attention with the scale 1/√key_dim in double precision."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._inverse_sqrt_key_dim = np.float64(self._inverse_sqrt_key_dim)
''',
    Note("H14", "TensorFlow takes a Python number as float32, and so would round the scale"),
    ("import numpy as np", "from keras import layers"),
)
KERAS_MEAN = Helper(
    "MeanAttention",
    '''
class MeanAttention(ExactAttention):
    """Multi-head attention in which a query that may attend to nothing finds the mean."""

    def _masked_softmax(self, attention_scores, attention_mask=None):
        if attention_mask is not None:
            allowed = attention_mask[:, None]  # the same for every head
            attention_scores = ops.where(allowed, attention_scores, -1e9)
        return ops.softmax(attention_scores)
''',
    Note("H15", "with dropout, Keras finds 0 where a query may attend to nothing"),
    ("from keras import ops",),
    (KERAS_EXACT,),
)
TORCH = Helper(
    "MultiHeadAttention",
    '''
class MultiHeadAttention(nn.Module):
    """Attention with heads of any size; where the mask is True, a query may attend."""

    def __init__(
        self,
        num_heads: int,
        head_size: int,
        query_size: int,
        value_size: int,
        key_size: int,
        bias: bool = True,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.num_heads = num_heads
        size = num_heads * head_size
        self.query = nn.Linear(query_size, size, bias=bias)
        self.key = nn.Linear(key_size, size, bias=bias)
        self.value = nn.Linear(value_size, size, bias=bias)
        self.output = nn.Linear(size, query_size, bias=bias)
        self.dropout = nn.Dropout(dropout)

    def heads(self, x: torch.Tensor) -> torch.Tensor:
        """(batch, time, size) to (batch, head, time, head size)."""
        return x.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)

    def forward(
        self,
        query: torch.Tensor,
        value: torch.Tensor,
        key: torch.Tensor,
        mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """What each query finds; a query that may attend to nothing finds the mean."""
        q, k, v = self.heads(self.query(query)), self.heads(self.key(key)), self.heads(self.value(value))
        scores = q @ k.mT / q.shape[-1] ** 0.5
        if mask is not None:
            scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
        weights = self.dropout(scores.softmax(-1))
        found: torch.Tensor = self.output((weights @ v).transpose(1, 2).flatten(2))
        return found
''',
    Note("H9, H11", "nn.MultiheadAttention takes only heads that add up to the query's size, and masks with NaN"),
)
ATTEND = Helper(
    "attend",
    '''
def attend(
    query: jax.Array,
    key: jax.Array,
    value: jax.Array,
    mask: jax.Array | None = None,
    is_causal: bool = False,
    dropout_rng: jax.Array | None = None,
    dropout_rate: float = 0.0,
    **_: Any,
) -> jax.Array:
    """Attention in each head, all of it in the precision of the inputs."""
    scores = jnp.einsum("...qhd,...khd->...hqk", query, key) / query.shape[-1] ** 0.5
    if is_causal:
        before = jnp.tril(jnp.ones(scores.shape[-2:], bool))
        mask = before if mask is None else mask & before
    if mask is not None:
        scores = jnp.where(mask, scores, jnp.finfo(scores.dtype).min)
    weights = nnx.softmax(scores)
    if dropout_rng is not None:  # while training, and a mask for each weight
        kept = jax.random.bernoulli(dropout_rng, 1 - dropout_rate, weights.shape)
        weights = jnp.where(kept, weights / (1 - dropout_rate), 0)
    return jnp.einsum("...hqk,...khd->...qhd", weights, value)
''',
    Note("H14, H15", "Flax computes its softmax in float32, and draws one dropout mask for all samples and heads"),
    ("from typing import Any",),
)
OTHER_VALUE = Helper(
    "KeyValueAttention",
    '''
class KeyValueAttention(nnx.MultiHeadAttention):
    """Attention whose values have another size than its keys."""

    def __init__(
        self,
        *args: Any,
        in_value_features: int,
        kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        use_bias: bool = True,
        rngs: nnx.Rngs,
        **kwargs: Any,
    ) -> None:
        options: dict[str, Any] = {
            "kernel_init": kernel_init,
            "bias_init": bias_init,
            "use_bias": use_bias,
            "rngs": rngs,
        }
        super().__init__(*args, **kwargs, **options)
        self.value = nnx.LinearGeneral(
            in_value_features, (self.num_heads, self.head_dim), **options
        )
''',
    Note("H9", "nnx.MultiHeadAttention has one size for keys and values"),
    ("from typing import Any",),
)
