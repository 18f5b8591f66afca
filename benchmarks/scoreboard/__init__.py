"""The scoreboard: identical programs, and programs that were slowed on purpose, through five ways of timing."""
