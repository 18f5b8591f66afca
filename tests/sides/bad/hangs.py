# Never comes to its end.
import torch

model = torch.nn.Linear(784, 10)
while True:
    pass
