# The port as many write it: the last step of the sequence, which the backward direction has only begun at.
from torch import nn, optim


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 8, batch_first=True, bidirectional=True)
        self.answer = nn.Linear(16, 1)

    def forward(self, x):
        x = x.reshape(len(x), 6, 2)
        output, _ = self.lstm(x)
        return self.answer(output[:, -1, :])


model = Reader()
criterion = nn.BCEWithLogitsLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)
