"""How claims are judged: what is looked for in runs and facts, and how findings become a verdict."""
