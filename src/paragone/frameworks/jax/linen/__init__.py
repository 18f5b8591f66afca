"""Modules of Flax Linen, seen from inside."""
