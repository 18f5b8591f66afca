"""Layers that are only recognised in files that people wrote, one file each; they are no words of task files."""
