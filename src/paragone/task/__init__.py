"""The task: what is to be learned. Knows no framework."""
