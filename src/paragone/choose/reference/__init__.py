"""Runs that ship with us: one trimmed record each, made by `make reference` (`benchmarks/reference.py`)."""
