"""What written sides bring where a framework's recurrent layers take no mask, or have a second bias."""

from __future__ import annotations

from paragone.spelling.spelled import Helper, Note

PACK = Helper(
    "pack_valid",
    '''
def pack_valid(x: torch.Tensor, mask: torch.Tensor) -> PackedSequence:
    """The steps where the mask is True, moved to the front and packed; one step where there is none."""
    order = mask.int().argsort(dim=1, descending=True, stable=True)
    lengths = mask.sum(1).clamp(min=1).cpu()
    x = x.take_along_dim(order.unsqueeze(-1), 1)
    return pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
''',
    Note("H6", "PyTorch masks by packing, and packs only sequences that are padded at the end"),
    ("from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence",),
)
REPEATED = Helper(
    "repeat_over_masked",
    '''
def repeat_over_masked(packed: PackedSequence, mask: torch.Tensor) -> torch.Tensor:
    """Outputs at their own steps; a masked step repeats the output before it."""
    outputs, _ = pad_packed_sequence(packed, True, total_length=mask.shape[1])
    outputs = F.pad(outputs, (0, 0, 1, 0))  # zeros before the first valid step
    return outputs.take_along_dim(mask.cumsum(1).unsqueeze(-1), 1)
''',
    Note("H6", "PyTorch unpacks with zeros at the end"),
    ("from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence",),
)
ZEROED = Helper(
    "zero_where_masked",
    '''
def zero_where_masked(packed: PackedSequence, mask: torch.Tensor) -> torch.Tensor:
    """Outputs at their own steps; zeros at masked ones."""
    outputs, _ = pad_packed_sequence(packed, True, total_length=mask.shape[1])
    outputs = F.pad(outputs, (0, 0, 1, 0))  # zeros for the masked steps
    return outputs.take_along_dim((mask.cumsum(1) * mask).unsqueeze(-1), 1)
''',
    Note("H6", "PyTorch unpacks to the front"),
    ("from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence",),
)
LAST = Helper(
    "last_valid",
    '''
def last_valid(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The last states of each direction side by side; zeros where every step is masked."""
    return torch.cat(tuple(states), -1) * mask.any(1, keepdim=True)
''',
    Note("H6", "packing needs at least one step"),
)
FREEZE = Helper(
    "freeze_second_bias",
    '''
def freeze_second_bias(layer: nn.RNNBase) -> None:
    """Keep the bias of the recurrent kernel at zero."""
    for name, weight in layer.named_parameters():
        if name.startswith("bias_hh"):
            nn.init.zeros_(weight).requires_grad_(False)
''',
    Note("H4", "PyTorch adds two biases; with Adam, the sum of both would move twice as far as one"),
)
MASKED = Helper(
    "masked_rnn",
    '''
def masked_rnn(rnn: Callable[..., Any], x: jax.Array, mask: jax.Array) -> jax.Array:
    """Outputs of the steps where the mask is True; a masked step repeats the output before it."""
    order = jnp.argsort(~mask, axis=1, stable=True)  # valid steps first
    outputs = rnn(jnp.take_along_axis(x, order[..., None], axis=1))
    # Zeros before the first valid step.
    outputs = jnp.pad(outputs, ((0, 0), (1, 0), (0, 0)))
    return jnp.take_along_axis(outputs, mask.cumsum(1)[..., None], axis=1)
''',
    Note("H6", "nnx.RNN knows only the lengths of sequences, and gives outputs beyond them"),
    ("from collections.abc import Callable", "from typing import Any"),
)
MASKED_LAST = Helper(
    "masked_bidirectional_last",
    '''
def masked_bidirectional_last(layer: nnx.Bidirectional, x: jax.Array, mask: jax.Array) -> jax.Array:
    """The last valid output in each direction."""
    ahead = masked_rnn(layer.forward_rnn, x, mask)
    back = masked_rnn(layer.backward_rnn, x[:, ::-1], mask[:, ::-1])
    return jnp.concatenate([ahead[:, -1], back[:, -1]], axis=-1)
''',
    Note("H5", "the backward layer ends at the first step"),
    needs=(MASKED,),
)
MASKED_BOTH = Helper(
    "masked_bidirectional",
    '''
def masked_bidirectional(layer: nnx.Bidirectional, x: jax.Array, mask: jax.Array) -> jax.Array:
    """Outputs of both directions at each step; zeros at masked ones."""
    ahead = masked_rnn(layer.forward_rnn, x, mask)
    back = masked_rnn(layer.backward_rnn, x[:, ::-1], mask[:, ::-1])[:, ::-1]
    return jnp.where(mask[..., None], jnp.concatenate([ahead, back], axis=-1), 0)
''',
    Note("H6", "nnx.Bidirectional knows only the lengths of sequences"),
    needs=(MASKED,),
)
