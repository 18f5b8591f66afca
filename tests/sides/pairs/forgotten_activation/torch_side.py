# A port with a fault: the relu was forgotten, which no shape shows.
import torch
from torch import nn

model = nn.Sequential(nn.Linear(8, 16), nn.Linear(16, 1))
for layer in model:
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
