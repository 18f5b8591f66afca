"""What the instrument says where the answer is known: sizes, peaks, its own cost, and whether phases add up."""
