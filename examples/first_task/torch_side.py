"""Handwritten digits with PyTorch."""

import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        return self.fc2(x)


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters())


def load_data():
    """The digits of scikit-learn, resized to 28x28 and flattened; the last fifth is for testing."""
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = zoom(digits.images / 16, (1, 3.5, 3.5), order=1)
    x = torch.tensor(images.reshape(-1, 784), dtype=torch.float32)
    y = torch.tensor(digits.target)
    n_train = len(x) * 4 // 5
    train = torch.utils.data.TensorDataset(x[:n_train], y[:n_train])
    test = torch.utils.data.TensorDataset(x[n_train:], y[n_train:])
    return train, test


if __name__ == "__main__":
    train, test = load_data()
    train_loader = torch.utils.data.DataLoader(train, batch_size=32, shuffle=True)

    for epoch in range(5):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch + 1}, loss of the last batch: {loss.item():.3f}")

    model.eval()
    with torch.no_grad():
        x, y = test[:]
        accuracy = (model(x).argmax(dim=1) == y).float().mean().item()
    print(f"test accuracy: {accuracy:.3f}")
