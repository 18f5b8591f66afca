"""Processes: spawn a worker for a side, talk to it, stop it, let it go on, time it out, kill it."""
