"""The plain PyTorch loop, written by hand."""

from itertools import cycle, islice
from time import perf_counter

import torch
from ask import batches, serve
from torch_side import criterion, model, optimizer

BATCHES = cycle([(torch.from_numpy(x), torch.from_numpy(y).long()) for x, y in batches()])


def run(n: int) -> float:
    began = perf_counter()
    for x, y in islice(BATCHES, n):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    loss.item()
    return perf_counter() - began


model.train()
serve(run)
