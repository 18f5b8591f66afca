# A small CNN, channels first, with batch norm and dropout; the Linear after flatten sees another order of pixels.
import torch
import torch.nn as nn


class SmallCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, kernel_size=3)
        self.bn = nn.BatchNorm2d(8)
        self.pool = nn.MaxPool2d(2)
        self.drop = nn.Dropout(0.25)
        self.fc = nn.Linear(8 * 13 * 13, 10)

    def forward(self, x):                           # (N, 1, 28, 28)
        x = self.pool(torch.relu(self.bn(self.conv(x))))
        x = self.drop(x)
        return self.fc(x.view(x.size(0), -1))


cnn = SmallCNN()
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(cnn.parameters())
