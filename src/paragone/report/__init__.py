"""Records to one page and to a few lines of text. Nothing is computed here; figures are only written and laid out."""
