"""Handwritten digits with Keras."""

import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)

model.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)


def load_data():
    """The digits of scikit-learn, resized to 28x28 and flattened; the last fifth is for testing."""
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = zoom(digits.images / 16, (1, 3.5, 3.5), order=1)
    x = images.reshape(-1, 784).astype("float32")
    y = digits.target.astype("int32")
    n_train = len(x) * 4 // 5
    return (x[:n_train], y[:n_train]), (x[n_train:], y[n_train:])


if __name__ == "__main__":
    (x_train, y_train), (x_test, y_test) = load_data()
    model.fit(x_train, y_train, batch_size=32, epochs=5, verbose=2)
    loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(f"test accuracy: {accuracy:.3f}")
