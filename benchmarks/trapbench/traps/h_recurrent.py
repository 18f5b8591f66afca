"""H: recurrent layers, attention, embeddings."""

from benchmarks.trapbench.edits import argument, text, used
from benchmarks.trapbench.traps.base import Trap

TRAPS = [
    Trap("H3", ("gru-reset-form",), ["addition-gru:read"], {"tensorflow": [argument("reset_after", "False")]},
         "structure"),
    Trap("H14", ("float32-attention",), ["digits-vit:attention1", "text-gpt:attention2",
                                       "digits-vit+causal:attention1"],
         {"jax": [argument("attention_fn", None)]}),
    Trap("H4", ("double-bias",), ["waves+lstm:swings", "text-lstm:read"],
         {"torch": [text(r"        freeze_second_bias\(self\.{at}\)\n",
                         "        for name, weight in self.{at}.named_parameters():\n"
                         "            if name.startswith('bias_hh'):\n                nn.init.zeros_(weight)\n")]},
         "step"),
    Trap("H5", ("bidirectional-last-output",), ["waves+both-ways:swings"],
         {"torch": [used(r"torch\.cat\(tuple\((self\.{at}\(.*?\))\[1\]\[0\]\), -1\)", r"\1[0][:, -1]")],
          "jax": [used(r"jnp\.concatenate\(.*self\.{at}\((\w+), return_carry=True\).*?axis=-1\s*\)",
                       r"self.{at}(\1)[:, -1]")],
          "tensorflow": [used(r"LSTM\(8\), name=\"{at}\"\)\(x\)",
                              'LSTM(8, return_sequences=True), name="{at}")(x)[:, -1]')]}, place="after"),
    Trap("H6", ("embedding-mask",), ["addition-gru:read"],
         {"torch": [used(r"last_valid\(self\.read\(pack_valid\(embedded, written\)\)\[1\], written\)",
                         "self.read(embedded)[1][-1]")],
          "jax": [used(r"masked_rnn\(self\.read, embedded, written\)", "self.read(embedded)")]}),
    Trap("H8", ("embedding-padding",), ["recommender:film_table", "text-lstm:embedded", "recommender:user_table"],
         {"torch": [argument("padding_idx", "0")]}, "gradients"),  # in addition-gru 0 is masked, and never learns
    Trap("H9", ("attention-scale",), ["digits-vit:attention1", "text-gpt:attention1"],  # all layers share the function
         {"jax": [text(r"query\.shape\[-1\] \*\* 0\.5", "(2.0 * query.shape[-1] ** 0.5)")]}),
    Trap("H10", ("attention-causal",), ["digits-vit+causal:attention1", "text-gpt:attention2"],
         {"torch": [used(r"attn_mask=torch\.ones\(.*?\)\.triu\(1\),", "")],
          "jax": [used(r", is_causal=True", "")]}),
    Trap("H12", ("batch-first",), ["waves+lstm:swings", "text-lstm:read", "digits-vit:attention1"],
         {"torch": [argument("batch_first", None)]}),
]  # fmt: skip
