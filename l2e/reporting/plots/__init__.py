"""Figures, a file a kind; drawn with matplotlib, which is an extra."""
