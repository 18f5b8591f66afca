"""How the time of a step grows: with the batch, the threads, or a number of the task."""
