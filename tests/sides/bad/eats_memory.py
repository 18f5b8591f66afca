# Takes 64 MiB at a time and writes to it, up to 64 GiB. RUN IT ONLY UNDER A LIMIT OF MEMORY.
import torch

model = torch.nn.Linear(784, 10)
hoard = []
for _ in range(1024):
    hoard.append(bytearray(b"x") * (64 * 2**20))
