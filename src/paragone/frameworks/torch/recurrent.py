"""Other forms of PyTorch's recurrent layers, as interventions: one trained bias of two, the first form of a GRU."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import dropout
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


def train_one_bias(module: Any) -> None:
    """The second vector of biases stays as it is: both only ever act as their sum (row H4)."""
    for name, parameter in module.named_parameters(recurse=False):
        if name.startswith("bias_hh"):
            parameter.requires_grad_(False)


def reset_before(layer: Any, _own: Any, args: tuple[Any, ...], _kwargs: Any) -> Any:
    """What a GRU gives whose reset gate acts on the state before the recurrent kernel does (row H3).

    Its weights stay; both biases stand outside of the gate, where only their sum counts.
    """
    packed = args[0] if isinstance(args[0], PackedSequence) else None
    x, lengths = pad_packed_sequence(packed, batch_first=True) if packed else (args[0], None)
    if packed is None and not layer.batch_first:
        x = x.transpose(0, 1)
    initial = args[1] if len(args) > 1 else None
    states: list[Any] = []
    for depth in range(layer.num_layers):
        halves = []
        for way in range(1 + layer.bidirectional):
            start = x.new_zeros(len(x), layer.hidden_size) if initial is None else initial[len(states)]
            suffix = f"l{depth}{'_reverse' if way else ''}"
            outputs, state = _one_way(_weights(layer, suffix), _turned(x, lengths) if way else x, start, lengths)
            halves.append(_turned(outputs, lengths) if way else outputs)
            states.append(state)
        x = torch.cat(halves, -1)
        if layer.dropout and layer.training and depth + 1 < layer.num_layers:
            x = dropout(x, layer.dropout)
    if packed is not None:
        return pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False), torch.stack(states)
    return x if layer.batch_first else x.transpose(0, 1), torch.stack(states)


def _weights(layer: Any, suffix: str) -> tuple[Any, Any, Any]:
    biases = [getattr(layer, f"bias_{part}_{suffix}") for part in ("ih", "hh")] if layer.bias else []
    return getattr(layer, f"weight_ih_{suffix}"), getattr(layer, f"weight_hh_{suffix}"), sum(biases)


def _one_way(weights: tuple[Any, Any, Any], x: Any, state: Any, lengths: Any) -> tuple[Any, Any]:
    """Outputs of all steps, and the state after the last one of each sequence."""
    kernel, recurrent, bias = weights
    size = state.shape[-1]
    outputs = []
    for step, given in enumerate((x @ kernel.T + bias).unbind(1)):
        r, z = torch.sigmoid(given[:, : 2 * size] + state @ recurrent[: 2 * size].T).chunk(2, -1)
        n = torch.tanh(given[:, 2 * size :] + (r * state) @ recurrent[2 * size :].T)
        new = (1 - z) * n + z * state
        state = new if lengths is None else torch.where((lengths.to(new.device) > step)[:, None], new, state)
        outputs.append(state)
    return torch.stack(outputs, 1), state


def _turned(x: Any, lengths: Any) -> Any:
    """The steps of each sequence backwards; those behind its end stay."""
    if lengths is None:
        return x.flip(1)
    steps = torch.arange(x.shape[1])[None]
    back = torch.where(steps < lengths[:, None], lengths[:, None] - 1 - steps, steps)
    return x.take_along_dim(back.to(x.device)[..., None], 1)
