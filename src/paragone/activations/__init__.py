"""One file per activation: a layer without weights of its own shape, which `activation = "…"` of a layer may name."""
