# A plain nn.Sequential in one expression, flattened in the model.
import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(42)

net = nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 32), nn.ReLU(), nn.Linear(32, 10))
loss_function = nn.CrossEntropyLoss()
opt = optim.Adam(net.parameters(), lr=1e-3)
