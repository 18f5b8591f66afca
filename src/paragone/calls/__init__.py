"""Where a side calls layers and functions: seen while the model runs, read as settings, and changed on demand."""
