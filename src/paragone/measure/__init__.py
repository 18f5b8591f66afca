"""Measures contenders fairly: fresh processes in sets, interleaved blocks, a test across sets, A against A."""
