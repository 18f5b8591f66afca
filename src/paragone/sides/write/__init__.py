"""Writes a side from a task, as an ordinary file of a framework."""
