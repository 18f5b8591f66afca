"""E: optimizers. Where Keras' own optimizer brings two differences with one line, both are expected."""

from benchmarks.trapbench.edits import text
from benchmarks.trapbench.traps.base import Trap

_MANY = ["breast-cancer", "digits-mlp", "waves"]
_TABLES = ["recommender:user_table", "text-lstm:embedded", "addition-gru:embedded"]
_ADAM = ["diabetes-regression", "recommender", "waves", "digits-cnn"]


def _rule(row: str, causes: str, hosts: list[str], edits: dict, rung: str = "step") -> Trap:
    return Trap(row, tuple(causes.split()), hosts, edits, rung, "")


def _with(suffix: str) -> list[str]:
    return [f"{task}+{suffix}" for task in _MANY]


_TORCH = r"(optimizer = torch\.optim\.\w+\(model\.parameters\(\)[^\n]*)\)"
TRAPS = [
    _rule("E1", "adam-epsilon-place adam-float32-betas", _ADAM, {
        "tensorflow": [text(r"optimizer=ExactAdam\(", "optimizer=keras.optimizers.Adam(")]}),
    _rule("E2", "adam-epsilon-default", _ADAM, {
        "torch": [text(_TORCH, r"\1, eps=1e-7)")],
        "jax": [text(r"optax\.adam\(([0-9.]+)\)", r"optax.adam(\1, eps=1e-7)")]}),
    _rule("E4", "weight-decay-form", [*_with("adamw"), "digits-vit"], {
        "torch": [text(r"torch\.optim\.AdamW\((model[^\n]*)\)", r"torch.optim.Adam(\1, weight_decay=0.01)")],
        "jax": [text(r"optax\.adamw\(0\.002, weight_decay=0\.01\)",
                     "optax.chain(optax.add_decayed_weights(0.01), optax.adam(0.002))")]}),
    _rule("E5", "weight-decay", [*_with("adamw"), "digits-vit"], {
        "torch": [text(_TORCH, r"\1, weight_decay=0.004)")], "jax": [text(r", weight_decay=0\.01\)", ")")]}),
    _rule("E6", "adam-amsgrad", _ADAM, {"torch": [text(_TORCH, r"\1, amsgrad=True)")],
                                        "jax": [text(r"optax\.adam\(", "optax.amsgrad(")]}, "trajectory"),
    _rule("E7", "momentum-rate-place sgd-float32-momentum", _with("momentum"), {
        "tensorflow": [text(r"optimizer=MomentumSGD\(", "optimizer=keras.optimizers.SGD(")]}, "step"),
    _rule("E8", "sgd-nesterov", [*_with("nesterov"), "digits-resnet"], {
        "torch": [text(r", nesterov=True", "")], "jax": [text(r", nesterov=True", "")]}),
    _rule("E9", "learning-rate", [*_with("sgd")], {
        "torch": [text(r", lr=0\.05\)", ")")], "jax": [text(r"optax\.sgd\(0\.05", "optax.sgd(0.01")],
        "tensorflow": [text(r"learning_rate=0\.05", "learning_rate=0.01")]}),
    _rule("E10", "sgd-dampening", _with("momentum"), {"torch": [text(_TORCH, r"\1, dampening=0.5)")]}, "step"),
    _rule("E11", "rmsprop-epsilon-place", [*_with("rmsprop"), "digits-mobilenet"], {
        "torch": [text(r"InnerRMSprop\((model[^\n]*)\)", r"torch.optim.RMSprop(\1, alpha=0.9, eps=1e-7)")],
        "jax": [text(r"eps=1e-7\)", "eps=1e-7, eps_in_sqrt=False)")]}),
    _rule("E11", "rmsprop-rho", [*_with("rmsprop")], {
        "tensorflow": [text(r"RMSprop\(learning", "RMSprop(rho=0.99, learning")],
        "jax": [text(r"eps=1e-7\)", "eps=1e-7, decay=0.99)")]}),
    _rule("E11", "rmsprop-epsilon-default", [*_with("rmsprop")], {
        "jax": [text(r"eps=1e-7\)", "eps=1e-5)")],
        "tensorflow": [text(r"RMSprop\(learn", "RMSprop(epsilon=1e-5, learn")]}),
    _rule("E12", "adagrad-epsilon-default", _with("adagrad"), {
        "jax": [text(r"optax\.adagrad\(0\.01\)", "optax.adagrad(0.01, eps=1e-5)")]}),
    _rule("E12", "adagrad-start", _with("adagrad"), {
        "jax": [text(r"optax\.adagrad\(0\.01\)", "optax.adagrad(0.01, initial_accumulator_value=0.0)")],
        "tensorflow": [text(r"initial_accumulator_value=np\.float64\(0\.1\)",
                            "initial_accumulator_value=np.float64(0.2)")]}),
    _rule("E13", "adadelta-rho adadelta-epsilon", _with("adadelta"), {
        "torch": [text(_TORCH, r"\1, rho=0.95, eps=1e-7)")],
        "jax": [text(r"optax\.adadelta\(0\.5\)", "optax.adadelta(0.5, rho=0.95, eps=1e-7)")]}),
    _rule("E14", "nadam-momentum-decay", _with("nadam"), {"torch": [text(_TORCH, r"\1, momentum_decay=1.0)")]}),
    _rule("E15", "adamax-epsilon-default", _with("adamax"), {
        "torch": [text(_TORCH, r"\1, eps=1e-4)")],
        "jax": [text(r"optax\.adamax\(0\.002\)", "optax.adamax(0.002, eps=1e-4)")]}),
    _rule("E16", "lion-betas", _with("lion"), {
        "jax": [text(r"weight_decay=0\.0\)", "weight_decay=0.0, b2=0.9)")],
        "tensorflow": [text(r"beta_2=np\.float64\(0\.99\)", "beta_2=np.float64(0.9)")]}, "trajectory"),
    _rule("E19", "clip-norm-epsilon", [*_with("clipped"), "text-lstm"], {
        "torch": [text(r"(?<=    )clip_by_global_norm\(", "nn.utils.clip_grad_norm_(")]}),
    _rule("E19", "clip-global-norm", [*_with("clipped")], {
        "torch": [text(r"(?<=    )clip_by_global_norm\(model\.parameters\(\), 0\.05\)",
                       "clip_by_global_norm(model.parameters(), 0.1)")],
        "jax": [text(r"clip_by_global_norm\(0\.05\)", "clip_by_global_norm(0.1)")]}),
    _rule("E19", "clip-norm", [*_with("clipped")], {
        "tensorflow": [text(r"global_clipnorm=", "clipnorm=")],
        "torch": [text(r"(?<=    )clip_by_global_norm\(model\.parameters\(\), 0\.05\)",
                       "for parameter in model.parameters():\n        clip_by_global_norm([parameter], 0.05)")]}),
    _rule("E20", "gradient-accumulation", _with("sgd"), {
        "jax": [text(r"optax\.sgd\(0\.05\)", "optax.MultiSteps(optax.sgd(0.05), every_k_schedule=2)")],
        "tensorflow": [text(r"SGD\(learning_rate=0\.05", "SGD(learning_rate=0.05, gradient_accumulation_steps=2")]}),
    _rule("E26", "momentum-average", _with("momentum"), {
        "jax": [text(r"optax\.sgd\(0\.05, momentum=0\.9\)",
                     "optax.chain(optax.ema(0.9, debias=False), optax.scale(-0.05))")]}),
    _rule("E19", "clip-value", [*_with("clipped-value")], {
        "torch": [text(r"(clip_grad_value_\(model\.parameters\(\)), 0\.005\)", r"\1, 0.002)")],
        "jax": [text(r"optax\.clip\(0\.005\)", "optax.clip(0.002)")]}),
    Trap("E25", ("embedding-repeated-entries",), _TABLES, {
        "tensorflow": [text(r"(?<=[ =])DenseEmbedding\((\d+), (\d+), name=\"{at}\"",
                            r'layers.Embedding(\1, \2, name="{at}"')]}, "step"),
]  # fmt: skip
