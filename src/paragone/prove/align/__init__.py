"""Which parameter of one side is which of another: by structure, role, shape and layout, and by experiment."""
