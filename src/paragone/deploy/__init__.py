"""From sides to the runtimes that people ship to: written, run there, and held against the side itself."""
