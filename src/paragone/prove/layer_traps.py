"""The traps of layers and functions that the proof can name; see `paragone.prove.traps`."""

from __future__ import annotations

from paragone.prove.trap import Trap

_ACTIVATIONS = (
    "keras/src/activations/activations.py, Keras 3.15; torch/nn/functional.py, torch 2.13; "
    "jax/_src/nn/functions.py, JAX 0.10"
)
_CONVOLUTIONS = (
    "keras/src/layers/convolutional/base_conv.py, Keras 3.15; torch/nn/modules/conv.py, torch 2.13; "
    "flax/nnx/nn/linear.py, Flax 0.12"
)
_POOLS = (
    "keras/src/layers/pooling/base_pooling.py, Keras 3.15; torch/nn/modules/pooling.py, torch 2.13; "
    "flax/linen/pooling.py, Flax 0.12"
)
_RESIZES = (
    "tensorflow/python/ops/image_ops_impl.py, TensorFlow 2.21; torch/nn/functional.py, interpolate, torch 2.13; "
    "jax/_src/image/scale.py, JAX 0.10"
)
_OWN = "the sides' own files"


def _everywhere(text: str) -> dict[str, str]:
    return dict.fromkeys(("tensorflow", "torch", "jax"), text)


LAYER_TRAPS: dict[str, Trap] = {
    "activation": Trap(
        "Another activation follows a layer, or none",
        _OWN,
        _everywhere("{value} after this layer"),
    ),
    "extra-bias": Trap(
        "One side has a bias that another has not (in a proof it starts at zero, where both are the same)",
        "the sides' own files",
        {"torch": "bias=False", "tensorflow": "use_bias=False", "jax": "use_bias=False"},
        not_on=("forward", "loss", "gradients"),
    ),
    "frozen-layer": Trap(
        "Some weights of a layer are not trained on one side",
        "torch/nn/modules/module.py, requires_grad_, torch 2.13; keras/src/layers/layer.py, trainable, Keras 3.15",
        _everywhere("do not train {value} of this layer"),
    ),
    "layer-left-out": Trap(
        "The optimizer leaves some weights of a layer where they are on one side",
        "torch/optim/optimizer.py, the parameters that it is given, torch 2.13; optax/transforms/_masking.py and "
        "_freezing.py, Optax 0.2.8; keras/src/optimizers/base_optimizer.py, apply, Keras 3.15",
        _everywhere("keep {value} of this layer out of the optimizer"),
    ),
    "gradient-stopped": Trap(
        "No gradient reaches some layers on one side, which stops it behind them (detach, no_grad, stop_gradient)",
        "torch/_tensor.py, detach, torch 2.13; jax/_src/lax/lax.py, stop_gradient, JAX 0.10; "
        "keras/src/ops/core.py, stop_gradient, Keras 3.15",
        _everywhere("stop the gradient behind this layer, or let it pass on the other side"),
    ),
    "relu-arguments": Trap("ReLU has a slope, a ceiling or a threshold on one side", _ACTIVATIONS),
    "hard-sigmoid-slope": Trap("Hard sigmoid has another slope (0.2 in Keras 2, 1/6 elsewhere)", _ACTIVATIONS),
    "softplus-threshold": Trap(
        "Softplus is the value itself above a threshold, in PyTorch alone",
        "torch/nn/functional.py, softplus, torch 2.13 (threshold 20)",
        {"torch": "F.softplus(x, threshold=40)"},
    ),
    "softmax-axis": Trap(
        "Softmax is taken over another axis",
        _ACTIVATIONS,
        {"torch": "dim={value}", "tensorflow": "axis={value}", "jax": "axis={value}"},
    ),
    "elu-alpha": Trap("ELU has another alpha", _ACTIVATIONS, _everywhere("alpha={value:g}")),
    "celu-alpha": Trap("CELU has another alpha", _ACTIVATIONS, _everywhere("alpha={value:g}")),
    "threshold": Trap("An activation has another threshold", _ACTIVATIONS),
    "threshold-value": Trap("An activation gives another value below its threshold", _ACTIVATIONS),
    "shrink-threshold": Trap("A shrinkage has another threshold", _ACTIVATIONS),
    "squareplus-b": Trap("Squareplus has another b", _ACTIVATIONS),
    "hard-tanh-range": Trap("Hard tanh is cut at other numbers", _ACTIVATIONS),
    "float32-inside": Trap(
        "A value is rounded to float32 in the middle of a model that computes in float64",
        _OWN,
        _everywhere("pass on what this layer gives as it is"),
    ),
    "fast-variance": Trap(
        "Flax takes the variance as E[x²] - E[x]², which cancels where the mean is large",
        "flax/nnx/nn/normalization.py, Flax 0.12 (use_fast_variance=True)",
        {"jax": "use_fast_variance={value}"},
    ),
    "batch-norm-frozen": Trap(
        "While it trains, one side normalises with running statistics, another with those of the batch: a batch "
        "normalisation that is not trainable keeps its statistics in Keras, and only its weights elsewhere",
        "keras/src/layers/normalization/batch_normalization.py, Keras 3.15; torch/nn/modules/batchnorm.py, torch 2.13",
        {"torch": "the {value} statistics in training; batch_norm.eval() after every model.train() keeps running ones"},
    ),
    "rms-norm-epsilon": Trap(
        "RMS normalisation has another epsilon: PyTorch takes the machine epsilon of the input's type by default",
        "torch/nn/modules/normalization.py, torch 2.13; keras/src/layers/normalization/rms_normalization.py, "
        "Keras 3.15; flax/nnx/nn/normalization.py, Flax 0.12 (1e-6)",
        {"torch": "eps={value:g}", "tensorflow": "epsilon={value:g}", "jax": "epsilon={value:g}"},
    ),
    "instance-norm-epsilon": Trap(
        "Instance normalisation has another epsilon",
        "torch/nn/modules/instancenorm.py, torch 2.13 (1e-5); keras/src/layers/normalization/group_normalization.py, "
        "Keras 3.15 (1e-3); flax/nnx/nn/normalization.py, Flax 0.12 (1e-6)",
        {"torch": "eps={value:g}", "tensorflow": "epsilon={value:g}", "jax": "epsilon={value:g}"},
    ),
    "convolution-padding": Trap(
        'A convolution is padded otherwise: with strides, "same" of Keras and Flax puts the odd place at the end, '
        "PyTorch's padding puts as much on both sides",
        _CONVOLUTIONS,
        {
            "torch": "pad with torch.nn.functional.pad first; (before, after) of each spatial axis: {value}",
            "tensorflow": 'keras.layers.ZeroPadding2D before padding="valid"; (before, after) of each axis: {value}',
            "jax": "padding, (before, after) of each spatial axis: {value}",
        },
    ),
    "convolution-strides": Trap(
        "A convolution steps otherwise",
        _OWN,
        {"torch": "stride={value}", "tensorflow": "strides={value}", "jax": "strides={value}"},
    ),
    "convolution-dilation": Trap(
        "A convolution is dilated otherwise",
        _OWN,
        {"torch": "dilation={value}", "tensorflow": "dilation_rate={value}", "jax": "kernel_dilation={value}"},
    ),
    "transposed-convolution-cropping": Trap(
        'A transposed convolution cuts off other places: "same" of Keras and Flax cuts an odd one at the end, '
        "PyTorch's padding cuts as many at both ends, and output_padding fewer at the end",
        "keras/src/backend/common/backend_utils.py, Keras 3.15; torch/nn/modules/conv.py, torch 2.13; "
        "jax/_src/lax/convolution.py, JAX 0.10",
        {"torch": "padding=0, and cut from the output; (before, after) of each axis: {value}"},
    ),
    "padding-mode": Trap(
        "A convolution is padded with something else than zeros", _CONVOLUTIONS, {"torch": 'padding_mode="{value}"'}
    ),
    "pool-window": Trap("A pool has another window", _OWN),
    "pool-strides": Trap(
        "A pool steps otherwise: by its window in Keras and PyTorch, by one place in Flax",
        _POOLS,
        {"jax": "strides={value}", "torch": "stride={value}", "tensorflow": "strides={value}"},
    ),
    "pool-padding": Trap(
        "A pool is padded otherwise",
        _POOLS,
        _everywhere("(before, after) of each axis: {value}"),
    ),
    "average-pool-padding": Trap(
        "Padded places count in the mean of an average pool, in PyTorch and Flax by default",
        _POOLS,
        {"torch": "count_include_pad={value}", "jax": "count_include_pad={value}"},
    ),
    "resize-mode": Trap(
        "A resize chooses other places: PyTorch's nearest rounds down, the others have half-pixel centres",
        _RESIZES,
        {"torch": 'mode="nearest-exact"  # wanted: {value}'},
    ),
    "align-corners": Trap("A resize aligns the corners on one side", _RESIZES, {"torch": "align_corners={value}"}),
    "resize-antialias": Trap(
        "A resize that shrinks is smoothed first, by default in JAX alone",
        _RESIZES,
        _everywhere("antialias={value}"),
    ),
    "cubic-coefficient": Trap("A bicubic resize has another coefficient: -0.75 in PyTorch, -0.5 elsewhere", _RESIZES),
    "resize-scale": Trap(
        "A resize takes its scale as it is given, in PyTorch alone, and not from the two sizes",
        _RESIZES,
        {"torch": "size=… in place of scale_factor"},
    ),
    "batch-first": Trap(
        "The time is taken for the batch: PyTorch's recurrent layers and its attention have the time first unless told",
        "torch/nn/modules/rnn.py and torch/nn/modules/activation.py, torch 2.13 (batch_first=False)",
        {"torch": "batch_first={value}"},
    ),
    "double-bias": Trap(
        "PyTorch trains two vectors of biases where the others train one: with Adam their sum moves twice as far",
        "torch/nn/modules/rnn.py, torch 2.13; keras/src/layers/rnn/lstm.py, Keras 3.15; "
        "flax/nnx/nn/recurrent.py, Flax 0.12",
        {"torch": "layer.bias_hh_l0.requires_grad_(False)"},
    ),
    "gru-reset-form": Trap(
        "A GRU's reset gate acts before the recurrent kernel on one side, after it and on its bias on the other",
        "keras/src/layers/rnn/gru.py, Keras 3.15 (reset_after); torch/nn/modules/rnn.py, torch 2.13 (after)",
        {
            "tensorflow": "reset_after=True",
            "torch": "reset_after=True in Keras, or here a GRU of its own: n = tanh(x_n + (r * h) @ kernel), one bias",
            "jax": "reset_after=True in Keras, or here a cell of its own: n = tanh(x_n + (r * h) @ kernel)",
        },
    ),
    "bidirectional-last-output": Trap(
        "Of the layer that goes backwards, the output after one step is taken on one side (the last step of the "
        "sequence is the first that it sees), and the one after all steps on the other",
        "torch/nn/modules/rnn.py, torch 2.13 (output[:, -1], h_n); keras/src/layers/rnn/bidirectional.py, Keras 3.15; "
        "flax/nnx/nn/recurrent.py, Bidirectional, Flax 0.12",
        {
            "torch": "torch.cat([h[-2], h[-1]], -1), the states h that the layer gives, in the place of its last step",
            "tensorflow": "Bidirectional(…, return_sequences=False), in the place of the last step of its sequence",
            "jax": "the last step of the forward half and the first step of the backward half, side by side",
        },
    ),
    "embedding-padding": Trap(
        "One row of an embedding does not learn, in PyTorch with padding_idx alone",
        "torch/nn/modules/sparse.py, torch 2.13",
        {"torch": "padding_idx={value}"},
    ),
    "embedding-repeated-entries": Trap(
        "Where an entry repeats in a batch, optimizers and clipping square its gradients one by one, in Keras alone",
        "keras/src/backend/tensorflow/sparse.py, Keras 3.15",
        {"tensorflow": "# an Embedding whose gradient is dense, such as ops.one_hot(inputs, n) @ self.embeddings"},
    ),
    "embedding-mask": Trap(
        "The steps of a sequence that hold the number 0 are left out on one side (mask_zero of Keras' embedding, a "
        "packed sequence, lengths, the last valid step), and read like any other step on the other",
        "keras/src/layers/core/embedding.py, Keras 3.15; torch/nn/utils/rnn.py, pack_padded_sequence, torch 2.13; "
        "flax/nnx/nn/recurrent.py, RNN(seq_lengths=…), Flax 0.12",
        {
            "tensorflow": "mask_zero=…  # the steps with 0 left out: {value}",
            "torch": "pack_padded_sequence(…, lengths, batch_first=True, enforce_sorted=False) before the recurrent "
            "layer, lengths = (tokens != 0).sum(1).cpu(), and the states h that it gives instead of its last step",
            "jax": "seq_lengths=(tokens != 0).sum(1), return_carry=True where the recurrent layer is called, and its "
            "carry",
        },
    ),
    "attention-scale": Trap(
        "Attention scales its scores otherwise",
        "torch/nn/functional.py, torch 2.13; jax/_src/nn/functions.py, JAX 0.10",
        _everywhere("multiply query · key by {value:g}"),
    ),
    "attention-causal": Trap(
        "A step of attention may see the steps after it on one side", _OWN, _everywhere("is_causal={value}")
    ),
    "variance-correction": Trap(
        "The variance is divided by n - 1, by default in PyTorch alone",
        "torch.std and torch.var, torch 2.13; jax/_src/numpy/reductions.py, JAX 0.10; "
        "tensorflow/python/ops/math_ops.py, TensorFlow 2.21",
        {"torch": "correction={value}", "jax": "ddof={value}"},
    ),
}
