# log_softmax in the model and NLLLoss; Adam's epsilon written as in Keras.
import torch
import torch.nn.functional as F


class Digits(torch.nn.Module):
    def __init__(self, units=40):
        super().__init__()
        self.d1 = torch.nn.Linear(28 * 28, units)
        self.d2 = torch.nn.Linear(units, 10)

    def forward(self, x):
        x = torch.flatten(x, start_dim=1)
        x = F.relu(self.d1(x))
        return F.log_softmax(self.d2(x), dim=-1)


model = Digits()
nll = torch.nn.NLLLoss()
adam = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
