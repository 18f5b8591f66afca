"""Whether sides are the same task: the ladder, the floor, and the causes of every difference, by intervention."""
