# A port that was done with care: Glorot kernels and zero biases are written out.
import torch
from torch import nn

model = nn.Sequential(
    nn.Linear(8, 20),
    nn.LayerNorm(20),
    nn.ReLU(),
    nn.Dropout(0.1),
    nn.Linear(20, 1),
)
for layer in (model[0], model[4]):
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
