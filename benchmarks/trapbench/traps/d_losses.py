"""D: losses."""

from benchmarks.trapbench.edits import text
from benchmarks.trapbench.traps.base import Trap

_CLASSES = ["digits-mlp", "digits-cnn", "digits-resnet", "digits-vit"]
_WEIGHTED = ["breast-cancer", "digits-mlp+weighted", "digits-cnn+weighted"]
_SQUARED = ["diabetes-regression+mse", "recommender", "digits-autoencoder"]
_PENALISED = ["diabetes-regression", "digits-mlp+l2", "recommender+l2"]
_PLAIN = r"criterion = nn\.CrossEntropyLoss\(\)"


def _loss(row: str, cause: str, hosts: list[str], edits: dict, rung: str = "loss") -> Trap:
    return Trap(row, (cause,), hosts, edits, rung, "")


TRAPS = [
    _loss("D1", "double-softmax", _CLASSES, {
        "torch": [text(r"        return logits\n", "        return torch.softmax(logits, -1)\n")],
        "jax": [text(r"        return logits\n", "        return nnx.softmax(logits)\n")]}),
    _loss("D3", "probability-clip", _CLASSES, {
        "torch": [text(_PLAIN, "\ndef criterion(x, y):\n    p = torch.softmax(x, -1).clamp(1e-7, 1 - 1e-7)\n"
                               "    return F.nll_loss(torch.log(p), y)\n\n")]}),
    _loss("D5", "class-weights-divisor", _WEIGHTED, {
        "torch": [text(r"criterion = nn\.CrossEntropyLoss\(\s*weight=(torch\.tensor\(\([0-9., ]+\)\))\s*\)",
                       r"weights = \1\n\n\ndef criterion(x, y):\n    losses = torch.nn.functional.cross_entropy("
                       r"x, y, weight=weights.to(x.dtype), reduction='none')\n    return losses.mean()\n\n")],
        "jax": [text(r"return losses / jnp\.mean\(share\)", "return losses")]}),
    _loss("D7", "label-smoothing", ["digits-mlp+smoothed", "digits-cnn+smoothed", "digits-mobilenet"], {
        "torch": [text(r"label_smoothing=0\.1", "label_smoothing=0.0")],
        "jax": [text(r"(one_hot\(y, 10\)), 0\.1\)", r"\1, 0.01)")]}),
    _loss("D8", "loss-scale", ["digits-vae"], {
        "torch": [text(r"0\.5 \* terms\.sum\(axis\)", "0.5 * terms.mean(axis)")]}),
    _loss("D9", "loss-scale", ["diabetes-regression", "recommender+huber", "digits-autoencoder+huber"], {
        "torch": [text(r"nn\.HuberLoss\(delta=", "nn.SmoothL1Loss(beta="),
                  text(r"F\.huber_loss\((.*?)delta=", r"F.smooth_l1_loss(\1beta=")]}),
    _loss("D10", "loss-scale", _SQUARED, {
        "jax": [text(r"optax\.squared_error", "optax.l2_loss")],
        "torch": [text(r"criterion = nn\.MSELoss\(\)",
                       "\ndef criterion(x, y):\n    return 0.5 * torch.nn.functional.mse_loss(x, y)\n\n")]}),
    _loss("D13", "loss-broadcast", _SQUARED[:2], {
        "jax": [text(r"optax\.squared_error\((\w+), y\)", r"jnp.square(\1[:, 0] - y)")],
        "torch": [text(r"criterion = nn\.MSELoss\(\)",
                       "\ndef criterion(x, y):\n    return (x - y[:, 0]).square().mean()\n\n")]}),
    _loss("D15", "penalty", _PENALISED, {
        "torch": [text(r"(0\.00[0-9]|0\.01)( \* model\.[a-z]+\.weight)", r"0.5 * \1\2")],
        "jax": [text(r"(0\.00[0-9]|0\.01)( \* jnp\.square)", r"0.5 * \1\2")]}),
    _loss("D16", "loss-reduction", ["recommender", "digits-mlp", "digits-cnn"], {
        "torch": [text(r"nn\.(MSELoss|CrossEntropyLoss)\(\)", r'nn.\1(reduction="sum")')],
        "jax": [text(r"\.mean\(\)\n", ".sum()\n")]}),
]  # fmt: skip
