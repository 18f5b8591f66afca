"""The order in which a beginner meets the ready tasks, from simple to hard.

Nothing measures what is hard; so the order is fixed here, by what a task adds to those before it, as courses have it:
dense layers on numbers (one number, then two classes), dense layers on images, convolutions, a way back to images,
shortcuts, the parts of a small network for phones; sequences by a GRU and an LSTM; several inputs, several outputs; a
U-Net, whose shortcuts cross; a distribution in the middle; attention on images, then on text.
"""

COURSE = (
    "diabetes-regression", "breast-cancer", "digits-mlp", "digits-cnn", "digits-autoencoder", "digits-resnet",
    "digits-mobilenet", "addition-gru", "text-lstm", "recommender", "waves", "shapes-unet", "digits-vae", "digits-vit",
    "text-gpt",
)  # fmt: skip
