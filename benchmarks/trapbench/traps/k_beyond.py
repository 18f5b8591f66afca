"""K: differences that are no row of the catalogue, since both sides say what they mean. They are named all the same."""

from benchmarks.trapbench.edits import Edit, argument, text, used
from benchmarks.trapbench.traps.base import Trap

_CLASSES = ["digits-mlp", "digits-cnn", "digits-resnet"]
_HIDDEN = ["digits-mlp:hidden", "breast-cancer:hidden", "waves:hidden"]
_MANY = ["breast-cancer", "digits-mlp", "waves"]
_SQUARED = ["diabetes-regression+mse", "recommender", "digits-autoencoder"]
_CRITERION = r"criterion = nn\.CrossEntropyLoss\(\)"
_JAX_LOSS = r"with_integer_labels\(logits, y\)"
_TORCH_RATE = r"(optimizer = torch\.optim\.\w+\(model\.parameters\(\)[^\n]*)\)"


def _criterion(outputs: str, targets: str) -> Edit:
    call = f"torch.nn.functional.cross_entropy({outputs}, {targets})"
    return text(_CRITERION, f"\ndef criterion(x, y):\n    return {call}\n\n")


def _with(suffix: str) -> list[str]:
    return [f"{task}+{suffix}" for task in _MANY]


def _training(row: str, cause: str, hosts: list[str], edits: dict, rung: str) -> Trap:
    return Trap(row, (cause,), hosts, edits, rung, "")


TRAPS = [
    _training("K1", "temperature", [*_CLASSES, "breast-cancer"], {
        "torch": [text(r"        return logits\n", "        return logits / 2.0\n")],
        "jax": [text(r"        return logits\n", "        return logits / 2.0\n")]}, "forward"),
    _training("K2", "loss-temperature", _CLASSES, {
        "torch": [_criterion("x / 2.0", "y")],
        "jax": [text(_JAX_LOSS, "with_integer_labels(logits / 2.0, y)")]}, "loss"),
    _training("K3", "label-offset", _CLASSES, {
        "torch": [_criterion("x", "(y + 1) % 10")],
        "jax": [text(_JAX_LOSS, "with_integer_labels(logits, (y + 1) % 10)")]}, "loss"),
    _training("K4", "loss-kind", _SQUARED, {
        "torch": [text(r"nn\.MSELoss\(\)", "nn.L1Loss()")],
        "jax": [text(r"optax\.squared_error\(([^()]*)\)", r"jnp.abs(jnp.subtract(\1))")]}, "loss"),
    _training("K5", "huber-delta", ["diabetes-regression", "recommender+huber", "digits-autoencoder+huber"], {
        "torch": [text(r"nn\.HuberLoss\(delta=[0-9.]+\)", "nn.HuberLoss(delta=0.25)")],
        "jax": [text(r"delta=[0-9.]+\)", "delta=0.25)")]}, "loss"),
    _training("K6", "class-weights", ["breast-cancer", "digits-mlp+weighted", "digits-cnn+weighted"], {
        "torch": [text(r"torch\.tensor\(\(3\.0, ", "torch.tensor((2.0, ")]}, "loss"),
    Trap("K7", ("frozen-layer",), _HIDDEN, {
        "torch": [text(r"(        self\.{at} = nn\.Linear\([^\n]*\))\n",
                       r"\1\n        self.{at}.requires_grad_(False)\n")],
        "tensorflow": [argument("trainable", "False")]}, "step"),
    Trap("K8", ("gradient-stopped",), ["digits-mlp:logits", "breast-cancer:logits", "waves:hidden"], {
        "torch": [used(r"self\.{at}\((\w+)\)", r"self.{at}(\1.detach())")],
        "jax": [used(r"self\.{at}\((\w+)\)", r"self.{at}(jax.lax.stop_gradient(\1))")]}, "gradients", ""),
    _training("K9", "layer-left-out", ["digits-mlp", "breast-cancer", "digits-cnn"], {
        "torch": [text(r"(torch\.optim\.\w+\()model\.parameters\(\)", r"\1model.logits.parameters()")]}, "step"),
    _training("K10", "weight-decay", _with("adamw"), {
        "torch": [text(r"AdamW\(model\.parameters\(\), lr=0\.002\)",
                       "AdamW([\n    {'params': [p for p in model.parameters() if p.ndim > 1]},\n"
                       "    {'params': [p for p in model.parameters() if p.ndim < 2], 'weight_decay': 0.0},\n"
                       "], lr=0.002)")],
        "jax": [text(r"weight_decay=0\.01\)",
                     "weight_decay=0.01, mask=lambda tree: jax.tree.map(lambda a: a.ndim > 1, tree))")]}, "step"),
    _training("K11", "adam-betas", ["diabetes-regression", "recommender", "waves"], {
        "torch": [text(_TORCH_RATE, r"\1, betas=(0.9, 0.99))")],
        "jax": [text(r"optax\.adam\(([0-9.]+)\)", r"optax.adam(\1, b2=0.99)")]}, "trajectory"),
    _training("K12", "sgd-momentum", _with("momentum"), {
        "torch": [text(r"momentum=0\.9", "momentum=0.8")], "jax": [text(r"momentum=0\.9", "momentum=0.8")]},
        "trajectory"),
    _training("K13", "optimizer-kind", ["digits-mlp", "diabetes-regression", "waves"], {
        "torch": [text(r"torch\.optim\.Adam\(", "torch.optim.NAdam(")],
        "jax": [text(r"optax\.adam\(", "optax.nadam(")]}, "step"),
    Trap("K14", ("padding-mode",), ["shapes-unet:fine", "shapes-unet:middle", "digits-resnet:block1_conv1"], {
        "torch": [argument("padding_mode", "'reflect'")]}),
    _training("K15", "extra-bias", ["digits-mlp:hidden", "waves:edges", "digits-cnn:strokes"], {
        "jax": [argument("use_bias", "False")]}, "structure"),
]  # fmt: skip
