# A GPT block: the stacked projection holds query, key and value of each head in turn
import jax
import jax.numpy as jnp
import optax
from flax import nnx


class Block(nnx.Module):
    def __init__(self, n, heads, rngs):
        self.norm1 = nnx.LayerNorm(n, epsilon=1e-5, rngs=rngs)
        self.qkv = nnx.Linear(n, 3 * n, rngs=rngs)
        self.out = nnx.Linear(n, n, rngs=rngs)
        self.norm2 = nnx.LayerNorm(n, epsilon=1e-5, rngs=rngs)
        self.up = nnx.Linear(n, 4 * n, rngs=rngs)
        self.down = nnx.Linear(4 * n, n, rngs=rngs)
        self.heads = heads

    def __call__(self, x):
        b, t, n = x.shape
        z = self.qkv(self.norm1(x)).reshape(b, t, self.heads, 3, n // self.heads)
        q, k, v = (z[:, :, :, i].swapaxes(1, 2) for i in range(3))
        a = q @ k.swapaxes(-1, -2) / (n // self.heads) ** 0.5
        a = jax.nn.softmax(jnp.where(jnp.tril(jnp.ones((t, t), bool)), a, -jnp.inf))
        x = x + self.out((a @ v).swapaxes(1, 2).reshape(b, t, n))
        return x + self.down(jax.nn.gelu(self.up(self.norm2(x))))


class GPT(nnx.Module):
    def __init__(self, rngs):
        self.embed = nnx.Embed(11, 16, rngs=rngs)
        self.place = nnx.Embed(6, 16, rngs=rngs)
        self.block = Block(16, 4, rngs)
        self.norm = nnx.LayerNorm(16, epsilon=1e-5, rngs=rngs)

    def __call__(self, x):
        h = self.embed(x) + self.place(jnp.arange(x.shape[1]))
        return self.norm(self.block(h)) @ self.embed.embedding[...].T


model = GPT(nnx.Rngs(0))


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
