"""What to write in a side's file so that a cause is gone: exact edits of its source, and a patch of them all."""
