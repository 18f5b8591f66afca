"""Sides: read a user's file without running it (orchestrator), run it and find what it trains (worker)."""
