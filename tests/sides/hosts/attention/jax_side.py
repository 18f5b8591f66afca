# The same transformer block in Flax NNX.
import jax
import jax.numpy as jnp
import optax
from flax import nnx


class Attention(nnx.Module):
    def __init__(self, dim, heads, *, rngs):
        self.heads = heads
        self.query = nnx.Linear(dim, dim, rngs=rngs)
        self.key = nnx.Linear(dim, dim, rngs=rngs)
        self.value = nnx.Linear(dim, dim, rngs=rngs)
        self.out = nnx.Linear(dim, dim, rngs=rngs)

    def split(self, x):
        n, t, d = x.shape
        return x.reshape(n, t, self.heads, d // self.heads)

    def __call__(self, x):
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        q = q / jnp.sqrt(q.shape[-1])
        scores = jnp.einsum("nqhd,nkhd->nhqk", q, k)
        mask = jnp.tril(jnp.ones((x.shape[1], x.shape[1]), bool))
        scores = jnp.where(mask, scores, -jnp.inf)
        weights = jax.nn.softmax(scores, axis=-1)
        y = jnp.einsum("nhqk,nkhd->nqhd", weights, v).reshape(x.shape)
        return self.out(y)


class Net(nnx.Module):
    def __init__(self, dim=16, *, rngs):
        self.embed = nnx.Embed(20, dim, rngs=rngs)
        self.norm1 = nnx.LayerNorm(dim, epsilon=1e-5, rngs=rngs)
        self.attention = Attention(dim, 2, rngs=rngs)
        self.norm2 = nnx.LayerNorm(dim, epsilon=1e-5, rngs=rngs)
        self.up = nnx.Linear(dim, 32, rngs=rngs)
        self.down = nnx.Linear(32, dim, rngs=rngs)
        self.head = nnx.Linear(dim, 4, rngs=rngs)

    def __call__(self, tokens):
        x = self.embed(tokens) * 4.0
        x = x + self.attention(self.norm1(x))
        y = self.up(self.norm2(x))
        y = self.down(jax.nn.silu(y))
        x = x + y
        x = jnp.mean(x, axis=1)
        return self.head(x)


model = Net(rngs=nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
