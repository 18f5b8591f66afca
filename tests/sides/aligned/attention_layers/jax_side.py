# Attention by hand, with raw parameters and einsum
import jax
import jax.numpy as jnp
import optax
from flax import nnx


class Attention(nnx.Module):
    def __init__(self, dim, heads, rngs):
        init = nnx.initializers.lecun_normal()
        size = dim // heads
        self.wq = nnx.Param(init(rngs.params(), (dim, heads, size)))
        self.wk = nnx.Param(init(rngs.params(), (dim, heads, size)))
        self.wv = nnx.Param(init(rngs.params(), (dim, heads, size)))
        self.wo = nnx.Param(init(rngs.params(), (heads, size, dim)))
        self.bq = nnx.Param(jnp.zeros((heads, size)))
        self.bk = nnx.Param(jnp.zeros((heads, size)))
        self.bv = nnx.Param(jnp.zeros((heads, size)))
        self.bo = nnx.Param(jnp.zeros((dim,)))

    def __call__(self, x):
        k = jnp.einsum("btd,dhk->bhtk", x, self.wk[...]) + self.bk[...][:, None]
        q = jnp.einsum("btd,dhk->bhtk", x, self.wq[...]) + self.bq[...][:, None]
        v = jnp.einsum("btd,dhk->bhtk", x, self.wv[...]) + self.bv[...][:, None]
        a = jax.nn.softmax(q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5)
        return jnp.einsum("bhtk,hkd->btd", a @ v, self.wo[...]) + self.bo[...]


class Net(nnx.Module):
    def __init__(self, rngs):
        self.inp = nnx.Linear(6, 16, rngs=rngs)
        self.attn = Attention(16, 4, rngs)
        self.norm = nnx.LayerNorm(16, rngs=rngs)
        self.head = nnx.Linear(16, 3, rngs=rngs)

    def __call__(self, x):
        h = self.inp(x)
        h = self.norm(h + self.attn(h))
        return self.head(h.mean(1))


model = Net(nnx.Rngs(0))


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
