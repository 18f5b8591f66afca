"""The frameworks: one folder each, with a light descriptor and a worker that alone imports the framework."""
