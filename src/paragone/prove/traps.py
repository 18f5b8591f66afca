"""The traps that the proof can name: what each is, where it is documented, and what to write instead.

A fix is a template for the framework of the side that is changed; `{value}` is what the other side has.
"""

from __future__ import annotations

from paragone.prove.layer_traps import LAYER_TRAPS
from paragone.prove.scope import Climbed
from paragone.prove.trap import Trap

_KERAS_ADAM = "keras/src/optimizers/adam.py, Keras 3.15"
_INITIALISERS = (
    "keras/src/layers/core/dense.py, Keras 3.15; torch/nn/modules/linear.py, torch 2.13; "
    "flax/nnx/nn/linear.py, Flax 0.12"
)

_RUNNING: tuple[Climbed, ...] = ("forward", "loss", "gradients")
"""Where what a layer does to its running statistics in a training step cannot show: they are used after it."""

TRAPS: dict[str, Trap] = {
    "kernel-initialiser": Trap("The kernels start from different distributions", _INITIALISERS),
    "bias-initialiser": Trap("The biases start from different distributions", _INITIALISERS),
    "embedding-initialiser": Trap(
        "The embedding tables start from different distributions",
        "keras/src/layers/core/embedding.py, Keras 3.15; torch/nn/modules/sparse.py, torch 2.13",
    ),
    "adam-epsilon-default": Trap(
        "Adam's epsilon has another default",
        f"{_KERAS_ADAM} (1e-7); torch/optim/adam.py, torch 2.13 (1e-8); optax/_src/alias.py, Optax 0.2.8 (1e-8)",
        {
            "tensorflow": "keras.optimizers.Adam(epsilon={value:g})",
            "torch": "torch.optim.Adam(model.parameters(), eps={value:g})",
            "jax": "optax.adam(1e-3, eps={value:g})",
        },
    ),
    "adam-epsilon-place": Trap(
        "Adam adds epsilon at another place",
        f"{_KERAS_ADAM}; torch/optim/adam.py, torch 2.13; optax/_src/transform.py, Optax 0.2.8",
        {
            "tensorflow": "# a subclass of Adam whose epsilon is epsilon * sqrt(1 - beta_2 ** step) in each step",
            "torch": "group['eps'] = eps / (1 - beta_2 ** step) ** 0.5  # before each step",
        },
    ),
    "adam-float32-betas": Trap(
        "Adam's betas are rounded to float32",
        f"{_KERAS_ADAM}: ops.cast(self.beta_1, …) on the TensorFlow backend",
        {"tensorflow": "keras.optimizers.Adam(beta_1=np.float64(0.9), beta_2=np.float64(0.999))  # in float64 only"},
    ),
    "adam-betas": Trap(
        "Adam's betas differ",
        f"{_KERAS_ADAM}; torch/optim/adam.py, torch 2.13",
        {
            "tensorflow": "Adam({name}={value:g})",
            "torch": "Adam(…, betas=(…))  # {name} = {value:g}",
            "jax": "{value:g}",
        },
    ),
    "adam-amsgrad": Trap("Only one side uses AMSGrad", "torch/optim/adam.py, torch 2.13"),
    "learning-rate": Trap(
        "The learning rates differ",
        "the sides' own files, or the defaults of their optimizers",
        {
            "tensorflow": "learning_rate={value:g}",
            "torch": "lr={value:g}",
            "jax": "learning_rate={value:g}",
        },
    ),
    "weight-decay": Trap(
        "The weight decays differ",
        "torch/optim/adamw.py, torch 2.13 (AdamW 0.01); keras/src/optimizers/adamw.py, Keras 3.15 (0.004); "
        "optax/_src/alias.py, Optax 0.2.8 (1e-4)",
        {
            "tensorflow": "weight_decay={value:g}",
            "torch": "weight_decay={value:g}",
            "jax": "weight_decay={value:g}",
        },
    ),
    "weight-decay-form": Trap(
        "Weight decay is decoupled on one side and part of the gradient on the other",
        "torch/optim/adam.py, torch 2.13; keras/src/optimizers/base_optimizer.py, Keras 3.15",
        {"torch": "torch.optim.AdamW(…)"},
    ),
    "sgd-momentum": Trap(
        "The momentum of the optimizer differs",
        "the sides' own files",
        {"tensorflow": "momentum={value:g}", "torch": "momentum={value:g}", "jax": "momentum={value:g}"},
    ),
    "sgd-float32-momentum": Trap(
        "The momentum of SGD is rounded to float32",
        "keras/src/optimizers/sgd.py, Keras 3.15: ops.cast(self.momentum, …) on the TensorFlow backend",
        {"tensorflow": "keras.optimizers.SGD(momentum=np.float64(0.9))  # in float64 only"},
    ),
    "momentum-rate-place": Trap(
        "The learning rate is inside the momentum on one side and outside on the other (seen when the rate changes)",
        "keras/src/optimizers/sgd.py, Keras 3.15; torch/optim/sgd.py, torch 2.13; optax/_src/transform.py, Optax 0.2.8",
        {"tensorflow": "# a subclass of SGD with v = momentum * v + g and w -= learning_rate * v"},
    ),
    "sgd-nesterov": Trap("Only one side uses Nesterov's form", "torch/optim/sgd.py, torch 2.13"),
    "rmsprop-rho": Trap(
        "RMSprop's smoothing differs",
        "keras/src/optimizers/rmsprop.py, Keras 3.15 (0.9); torch/optim/rmsprop.py, torch 2.13 (0.99)",
        {"tensorflow": "rho={value:g}", "torch": "alpha={value:g}", "jax": "decay={value:g}"},
    ),
    "rmsprop-epsilon-default": Trap(
        "RMSprop's epsilon has another default",
        "keras/src/optimizers/rmsprop.py, Keras 3.15 (1e-7); torch/optim/rmsprop.py, torch 2.13 (1e-8)",
        {"tensorflow": "epsilon={value:g}", "torch": "eps={value:g}", "jax": "eps={value:g}"},
    ),
    "rmsprop-epsilon-place": Trap(
        "RMSprop adds epsilon inside the root on one side and outside on the other",
        "keras/src/optimizers/rmsprop.py, Keras 3.15; torch/optim/rmsprop.py, torch 2.13; optax/_src/transform.py",
    ),
    "batch-norm-momentum": Trap(
        "Batch normalisation forgets its running statistics at another speed (seen in evaluation only)",
        "keras/src/layers/normalization/batch_normalization.py, Keras 3.15; torch/nn/modules/batchnorm.py, torch 2.13",
        {"tensorflow": "momentum={value:g}", "torch": "momentum={other:g}", "jax": "momentum={value:g}"},
        not_on=_RUNNING,
    ),
    "batch-norm-epsilon": Trap(
        "Batch normalisation has another epsilon",
        "keras/src/layers/normalization/batch_normalization.py, Keras 3.15 (1e-3); "
        "torch/nn/modules/batchnorm.py (1e-5)",
        {"tensorflow": "epsilon={value:g}", "torch": "eps={value:g}", "jax": "epsilon={value:g}"},
    ),
    "batch-norm-unbiased-variance": Trap(
        "PyTorch keeps an unbiased running variance (n / (n - 1)), Keras and Flax a biased one",
        "torch/nn/modules/batchnorm.py, torch 2.13; keras/src/layers/normalization/batch_normalization.py, Keras 3.15",
        {"torch": "# a BatchNorm whose running_var is updated with the biased variance of the batch"},
        not_on=_RUNNING,
    ),
    "layer-norm-epsilon": Trap(
        "Layer normalisation has another epsilon",
        "keras/src/layers/normalization/layer_normalization.py, Keras 3.15 (1e-3); torch/nn/modules/normalization.py "
        "(1e-5); flax/nnx/nn/normalization.py (1e-6)",
        {"tensorflow": "epsilon={value:g}", "torch": "eps={value:g}", "jax": "epsilon={value:g}"},
    ),
    "group-norm-epsilon": Trap(
        "Group normalisation has another epsilon",
        "keras/src/layers/normalization/group_normalization.py, Keras 3.15 (1e-3); torch/nn/modules/normalization.py",
        {"tensorflow": "epsilon={value:g}", "torch": "eps={value:g}", "jax": "epsilon={value:g}"},
    ),
    "group-norm-groups": Trap("Group normalisation has another number of groups", "the sides' own files"),
    "leaky-relu-slope": Trap(
        "Leaky ReLU has another slope",
        "keras/src/layers/activations/leaky_relu.py, Keras 3.15 (0.3); "
        "torch/nn/modules/activation.py, torch 2.13 (0.01)",
        {"tensorflow": "negative_slope={value:g}", "torch": "negative_slope={value:g}"},
    ),
    "dropout-rate": Trap(
        "The dropout rates differ",
        "the sides' own files",
        {"tensorflow": "Dropout({value:g})", "torch": "nn.Dropout({value:g})", "jax": "nnx.Dropout({value:g})"},
    ),
    "float32-constants": Trap(
        "A function computes with float32 constants, even in float64",
        "tensorflow/python/ops/nn_ops.py, gelu and leaky_relu, TensorFlow 2.21; "
        "aten/src/ATen/native/cpu/Activation.cpp (hardsigmoid) and native/Activation.cpp (celu), torch 2.13",
        {
            "tensorflow": "# nothing to fix in float32; in float64 write the function out with tf.math.erf",
            "torch": "# nothing to fix in float32; in float64 write the function out",
        },
    ),
    "float32-attention": Trap(
        "JAX takes the softmax of its attention in float32, even in float64",
        "jax/_src/nn/functions.py, _dot_product_attention_core, JAX 0.10",
        {"jax": "# nothing to fix in float32; in float64 give nnx.MultiHeadAttention an attention_fn of your own"},
    ),
    "double-softmax": Trap(
        "The model gives probabilities and its loss takes them for logits: softmax (or sigmoid) is applied twice",
        "torch/nn/modules/loss.py, CrossEntropyLoss, torch 2.13",
        dict.fromkeys(("tensorflow", "torch", "jax"), "remove the softmax at the end of the model"),
    ),
    "gelu-approximation": Trap(
        "GELU is exact on one side and the tanh approximation on the other",
        "jax/_src/nn/functions.py, JAX 0.10 (approximate=True); torch/nn/modules/activation.py, torch 2.13 (exact); "
        "keras/src/activations/activations.py, Keras 3.15 (exact)",
        {
            "tensorflow": "keras.activations.gelu(x, approximate={value})",
            "torch": 'nn.GELU("tanh" if {value} else "none")',
            "jax": "nnx.gelu(x, approximate={value})",
        },
    ),
    "adam-epsilon-root": Trap("Only one side adds a number under Adam's root", "optax/_src/transform.py, Optax 0.2.8"),
    "adam-amsgrad-correction": Trap(
        "AMSGrad keeps the largest second moment before its bias correction on one side, after it on the other",
        "torch/optim/adam.py, torch 2.13; optax/_src/transform.py, scale_by_amsgrad, Optax 0.2.8",
    ),
    "optimizer-kind": Trap("The optimizers are of different kinds", "the sides' own files"),
    "momentum-average": Trap(
        "The momentum is an average of gradients on one side, (1 - momentum) · g, and a sum of them on the other",
        "optax/transforms/_accumulation.py, ema and trace, Optax 0.2.8; torch/optim/sgd.py, torch 2.13; "
        "keras/src/optimizers/sgd.py, Keras 3.15",
        {"jax": "optax.trace(momentum) in the place of optax.ema(momentum), or the other way round"},
    ),
    "momentum-average-correction": Trap(
        "The average of gradients is corrected for its start at zero on one side, as in Adam",
        "optax/transforms/_accumulation.py, ema, Optax 0.2.8 (debias=True)",
        {"jax": "debias={value}"},
    ),
    "sgd-dampening": Trap("Only one side dampens its momentum", "torch/optim/sgd.py, torch 2.13"),
    "rmsprop-centered": Trap("Only one side centres RMSprop", "torch/optim/rmsprop.py, torch 2.13"),
    "adagrad-start": Trap(
        "Adagrad's accumulators start at another number",
        "keras/src/optimizers/adagrad.py, Keras 3.15 (0.1); torch/optim/adagrad.py, torch 2.13 (0)",
        {
            "tensorflow": "initial_accumulator_value={value:g}",
            "torch": "initial_accumulator_value={value:g}",
            "jax": "initial_accumulator_value={value:g}",
        },
    ),
    "adagrad-epsilon-default": Trap(
        "Adagrad's epsilon has another default",
        "keras/src/optimizers/adagrad.py, Keras 3.15 (1e-7); torch/optim/adagrad.py, torch 2.13 (1e-10)",
        {"tensorflow": "epsilon={value:g}", "torch": "eps={value:g}", "jax": "eps={value:g}"},
    ),
    "adagrad-epsilon-place": Trap(
        "Adagrad adds epsilon inside the root on one side and outside on the other",
        "keras/src/optimizers/adagrad.py, Keras 3.15; torch/optim/adagrad.py, torch 2.13",
    ),
    "float32-adagrad-start": Trap(
        "The start of Adagrad's accumulators is rounded to float32",
        "keras/src/optimizers/adagrad.py, Keras 3.15, on the TensorFlow backend",
        {"tensorflow": "initial_accumulator_value=np.float64({value})  # in float64 only"},
    ),
    "float32-weight-decay": Trap(
        "Weight decay is rounded to float32",
        "keras/src/optimizers/base_optimizer.py, Keras 3.15: ops.cast(self.weight_decay, …) on the TensorFlow backend",
        {"tensorflow": "weight_decay=np.float64(…)  # in float64 only"},
    ),
    "adadelta-rho": Trap(
        "Adadelta's smoothing differs",
        "keras/src/optimizers/adadelta.py, Keras 3.15 (0.95); torch/optim/adadelta.py, torch 2.13 (0.9)",
        {"tensorflow": "rho={value:g}", "torch": "rho={value:g}", "jax": "rho={value:g}"},
    ),
    "adadelta-epsilon": Trap(
        "Adadelta's epsilon differs",
        "keras/src/optimizers/adadelta.py, Keras 3.15 (1e-7); torch/optim/adadelta.py, torch 2.13 (1e-6)",
        {"tensorflow": "epsilon={value:g}", "torch": "eps={value:g}", "jax": "eps={value:g}"},
    ),
    "adamax-epsilon-default": Trap(
        "Adamax' epsilon has another default",
        "keras/src/optimizers/adamax.py, Keras 3.15 (1e-7); torch/optim/adamax.py, torch 2.13 (1e-8)",
        {"tensorflow": "epsilon={value:g}", "torch": "eps={value:g}", "jax": "eps={value:g}"},
    ),
    "adamax-epsilon-place": Trap(
        "Adamax adds epsilon inside the maximum on one side and outside on the other",
        "keras/src/optimizers/adamax.py, Keras 3.15; torch/optim/adamax.py, torch 2.13",
    ),
    "nadam-momentum-decay": Trap(
        "Nadam's momentum follows another schedule",
        "keras/src/optimizers/nadam.py, Keras 3.15 (0.96^t); torch/optim/nadam.py, torch 2.13 (0.96^(0.004 t)); "
        "optax/_src/transform.py, Optax 0.2.8 (constant)",
        {"torch": "momentum_decay={value:g}"},
    ),
    "lion-betas": Trap("Lion's betas differ", "the sides' own files"),
    "clip-value": Trap(
        "Gradients are clipped at another value",
        "the sides' own files",
        {
            "tensorflow": "clipvalue={value:g}",
            "torch": "torch.nn.utils.clip_grad_value_(model.parameters(), {value:g})  # before optimizer.step()",
            "jax": "optax.chain(optax.clip({value:g}), …)",
        },
    ),
    "clip-norm": Trap(
        "Only one side clips each gradient by its own norm",
        "keras/src/optimizers/base_optimizer.py, Keras 3.15: clipnorm is for each variable, global_clipnorm for all",
    ),
    "clip-global-norm": Trap(
        "Gradients are clipped at another norm of all",
        "the sides' own files",
        {
            "tensorflow": "global_clipnorm={value:g}",
            "torch": "torch.nn.utils.clip_grad_norm_(model.parameters(), {value:g})  # before optimizer.step()",
            "jax": "optax.chain(optax.clip_by_global_norm({value:g}), …)",
        },
    ),
    "clip-norm-epsilon": Trap(
        "PyTorch divides by the norm plus 1e-6 when it clips",
        "torch/nn/utils/clip_grad.py, torch 2.13",
    ),
    "gradient-accumulation": Trap(
        "Gradients of several batches are added up before a step on one side",
        "keras/src/optimizers/base_optimizer.py, gradient_accumulation_steps, Keras 3.15 (their mean; its count of "
        "updates, which Adam and schedules take, counts batches); optax/transforms/_accumulation.py, MultiSteps, "
        "Optax 0.2.8 (their mean, kept in float32); PyTorch: the sides' own steps (a sum, unless divided)",
        dict.fromkeys(("tensorflow", "torch", "jax"), "make a step after {value}"),
    ),
    "schedule": Trap("The learning rate follows another schedule", "the sides' own files"),
    "schedule-unit": Trap(
        "The schedule counts epochs on one side and steps on the other",
        "keras/src/optimizers/schedules/learning_rate_schedule.py, Keras 3.15 (steps); "
        "torch/optim/lr_scheduler.py, torch 2.13 (whatever `step()` is called for)",
    ),
    "schedule-off-by-one": Trap(
        "The schedules are one step apart",
        "keras/src/optimizers/schedules/learning_rate_schedule.py, PiecewiseConstantDecay, Keras 3.15 (after the "
        "boundary); torch/optim/lr_scheduler.py, MultiStepLR, torch 2.13 (at the milestone)",
    ),
    "schedule-after-its-end": Trap(
        "After its end the schedule rises again on one side and stays on the other",
        "torch/optim/lr_scheduler.py, CosineAnnealingLR, torch 2.13 (periodic); keras CosineDecay, Keras 3.15 (stays)",
    ),
    "schedule-warm-up": Trap(
        "The warm-up counts to the length of the decay on one side and not on the other",
        "keras CosineDecay, Keras 3.15 (decay_steps without it); optax warmup_cosine_decay_schedule, 0.2.8 (with it)",
    ),
    "schedule-precision": Trap(
        "One side computes its learning rates in float32, even in float64",
        "optax/schedules/_schedule.py, Optax 0.2.8 (a whole step divided by a whole number); "
        "keras/src/optimizers/schedules/learning_rate_schedule.py, Keras 3.15 (in the type of its first number)",
        dict.fromkeys(
            ("tensorflow", "torch", "jax"),
            "# nothing to fix in float32; in float64 compute the rates from numbers of that type",
        ),
    ),
    "loss-kind": Trap(
        "The losses are of different forms",
        "the sides' own files",
        dict.fromkeys(("tensorflow", "torch", "jax"), "a loss of another form: {value}"),
    ),
    "loss-reduction": Trap(
        "The loss is a mean on one side and a sum on the other",
        "torch/nn/modules/loss.py, torch 2.13 (reduction); keras/src/losses/loss.py, Keras 3.15 (reduction)",
        {"torch": 'reduction="{value}"', "tensorflow": 'reduction="{value}"', "jax": "the {value} of the values"},
    ),
    "loss-scale": Trap(
        "The loss has a constant factor on one side",
        "optax/losses/_regression.py, Optax 0.2.8: l2_loss is half the squared error",
        dict.fromkeys(("tensorflow", "torch", "jax"), "multiply the loss: its {name} should be {value:g}"),
    ),
    "label-smoothing": Trap(
        "The labels are smoothed differently",
        "keras/src/losses/losses.py, Keras 3.15; torch/nn/modules/loss.py, torch 2.13",
        dict.fromkeys(("tensorflow", "torch"), "label_smoothing={value:g}"),
    ),
    "loss-temperature": Trap(
        "The loss divides its logits by a number on one side (a temperature)",
        "the sides' own files",
        dict.fromkeys(("tensorflow", "torch", "jax"), "divide the logits by {value:g} in the loss (1: as they are)"),
    ),
    "temperature": Trap(
        "The logits at the end of the model are times a number on one side (a temperature)",
        "the sides' own files",
        dict.fromkeys(("tensorflow", "torch", "jax"), "give {value:g} times what this layer gives (1: as it is)"),
    ),
    "label-offset": Trap(
        "The labels are one class further on, or one back, on one side",
        "the sides' own files; jax/_src/numpy/indexing.py, take_along_axis, JAX 0.10 (the label -1 is the last class)",
        dict.fromkeys(
            ("tensorflow", "torch", "jax"), "take the class of the data {value:+g}, in a circle (+0: as it is)"
        ),
    ),
    "probability-clip": Trap(
        "Probabilities are clipped at 1e-7 on one side: its loss cannot exceed 16.118, and has no gradient beyond",
        "keras/src/backend/tensorflow/nn.py, Keras 3.15",
    ),
    "huber-delta": Trap(
        "Huber's loss turns into a line at another distance",
        "torch/nn/modules/loss.py, HuberLoss and SmoothL1Loss, torch 2.13 (SmoothL1 is Huber divided by its beta)",
        {"tensorflow": "delta={value:g}", "torch": "delta={value:g}", "jax": "delta={value:g}"},
    ),
    "loss-broadcast": Trap(
        "Outputs (N, 1) and targets (N,) are broadcast to N × N pairs on one side",
        "torch/nn/modules/loss.py, torch 2.13 (warns); plain arithmetic of JAX (silent)",
        dict.fromkeys(("torch", "jax"), "where they are broadcast: targets.reshape(outputs.shape)"),
    ),
    "class-weights": Trap("The classes have other weights", "the sides' own files"),
    "class-weights-divisor": Trap(
        "The weighted loss is divided by the number of samples on one side, by the sum of their weights on the other",
        "torch/nn/modules/loss.py, CrossEntropyLoss, torch 2.13; keras/src/trainers/trainer.py, Keras 3.15",
    ),
    "penalty": Trap(
        "The penalties on the weights differ",
        "keras/src/regularizers/regularizers.py, Keras 3.15: l2 · Σw², with the gradient of a weight decay of 2 · l2",
    ),
    **LAYER_TRAPS,
}


def row_of_initialiser(tensor: str) -> tuple[str, str]:
    """Slug and catalogue row of the trap that a difference in a tensor's starting distribution is."""
    layer, _, role = tensor.partition("/")
    if role.startswith("bias") or role == "offset":  # `bias_ih_l0` of PyTorch's recurrent layers
        return "bias-initialiser", "A2"
    if layer.startswith("embedding"):
        return "embedding-initialiser", "A6"
    return "kernel-initialiser", "A3" if layer.startswith("conv") else "A1"
