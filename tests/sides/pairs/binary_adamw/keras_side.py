# A yes or no from twelve numbers: one logit, AdamW.
import keras
from keras import layers

model = keras.Sequential([layers.Input((12,)), layers.Dense(16, "tanh"), layers.Dense(1)])
model.compile(
    optimizer=keras.optimizers.AdamW(learning_rate=2e-3, weight_decay=0.01),
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
)
