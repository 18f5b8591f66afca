"""What a side's loss means, found by what it gives and not by its name."""
