"""I: precision. Most rows are about processes and machines; these can stand in a model."""

from benchmarks.trapbench.edits import used
from benchmarks.trapbench.traps.base import Trap

TRAPS = [
    Trap("I1", ("float32-inside",), ["breast-cancer:hidden", "diabetes-regression:hidden", "digits-mlp:hidden"],
         {"torch": [used(r"self\.{at}\(([a-z]+)\)", r"self.{at}(\1).float().to(\1.dtype)")],
          "jax": [used(r"self\.{at}\(([a-z]+)\)", r"self.{at}(\1).astype(jnp.float32).astype(\1.dtype)")]},
         place="after"),
]  # fmt: skip
