# What both sides share; it stands beside them.
HIDDEN = 36
CLASSES = 10
LEARNING_RATE = 0.05
