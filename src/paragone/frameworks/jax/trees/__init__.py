"""Sides in plain JAX or in Flax Linen: parameters in a tree, and functions that are handed it."""
