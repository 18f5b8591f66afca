"""How a task's parts are spelled in a framework: the pieces of Python source that a side is written from."""
