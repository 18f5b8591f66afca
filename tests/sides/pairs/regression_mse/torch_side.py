# Regression with nn.Sequential, MSELoss and plain SGD; the learning rate is Keras' default.
import torch

model = torch.nn.Sequential(
    torch.nn.Linear(8, 24),
    torch.nn.ReLU(),
    torch.nn.Linear(24, 24),
    torch.nn.ReLU(),
    torch.nn.Linear(24, 1),
)
mse = torch.nn.MSELoss()
sgd = torch.optim.SGD(model.parameters(), lr=0.01)

if __name__ == "__main__":
    import numpy as np

    data = np.load("regression.npz")
    x, y = torch.from_numpy(data["x"]), torch.from_numpy(data["y"])
    for _ in range(20):
        sgd.zero_grad()
        loss = mse(model(x), y)
        loss.backward()
        sgd.step()
    print(loss.item())
