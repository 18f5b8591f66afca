# A GPT block whose kernels are (in, out), with one stacked projection and a mask in a buffer
import torch
from torch import nn


class Conv1D(nn.Module):
    def __init__(self, nf, nx):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(nx, nf) * 0.1)
        self.bias = nn.Parameter(torch.zeros(nf))

    def forward(self, x):
        return torch.addmm(self.bias, x.reshape(-1, x.shape[-1]), self.weight).reshape(*x.shape[:-1], -1)


class Block(nn.Module):
    def __init__(self, n, heads, context):
        super().__init__()
        self.ln_1 = nn.LayerNorm(n)
        self.c_attn = Conv1D(3 * n, n)
        self.c_proj = Conv1D(n, n)
        self.ln_2 = nn.LayerNorm(n)
        self.fc = Conv1D(4 * n, n)
        self.proj = Conv1D(n, 4 * n)
        self.heads = heads
        self.register_buffer("mask", torch.tril(torch.ones(context, context)))

    def forward(self, x):
        b, t, n = x.shape
        q, k, v = self.c_attn(self.ln_1(x)).split(n, dim=2)
        q, k, v = (z.view(b, t, self.heads, n // self.heads).transpose(1, 2) for z in (q, k, v))
        a = q @ k.transpose(-2, -1) / (n // self.heads) ** 0.5
        a = a.masked_fill(self.mask[:t, :t] == 0, float("-inf")).softmax(-1)
        x = x + self.c_proj((a @ v).transpose(1, 2).reshape(b, t, n))
        return x + self.proj(nn.functional.gelu(self.fc(self.ln_2(x)), approximate="tanh"))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = nn.Embedding(11, 16)
        self.wpe = nn.Parameter(torch.randn(1, 6, 16) * 0.02)
        self.block = Block(16, 4, 6)
        self.ln_f = nn.LayerNorm(16)
        self.head = nn.Linear(16, 11, bias=False)
        self.head.weight = self.wte.weight

    def forward(self, x):
        h = self.block(self.wte(x) + self.wpe)
        return self.head(self.ln_f(h))


model = GPT()


def criterion(out, y):
    return nn.functional.cross_entropy(out.flatten(0, 1), y.flatten())


optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
