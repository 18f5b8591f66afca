# One transformer block over characters, its attention by hand, as in many tutorials.
import math

import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(dim, dim)
        self.key = nn.Linear(dim, dim)
        self.value = nn.Linear(dim, dim)
        self.out = nn.Linear(dim, dim)

    def split(self, x):
        n, t, d = x.shape
        return x.view(n, t, self.heads, d // self.heads).transpose(1, 2)

    def forward(self, x):
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
        mask = torch.tril(torch.ones(x.shape[1], x.shape[1], dtype=torch.bool))
        scores = scores.masked_fill(~mask, float("-inf"))
        weights = scores.softmax(-1)
        y = (weights @ v).transpose(1, 2).reshape(x.shape)
        return self.out(y)


class Net(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.embed = nn.Embedding(20, dim)
        self.norm1 = nn.LayerNorm(dim)
        self.attention = Attention(dim, 2)
        self.norm2 = nn.LayerNorm(dim)
        self.up = nn.Linear(dim, 32)
        self.down = nn.Linear(32, dim)
        self.head = nn.Linear(dim, 4)

    def forward(self, tokens):
        x = self.embed(tokens) * math.sqrt(16)
        x = x + self.attention(self.norm1(x))
        y = self.up(self.norm2(x))
        y = self.down(nn.functional.silu(y))
        x = x + y
        x = x.mean(1)
        return self.head(x)


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
