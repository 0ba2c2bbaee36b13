"""Figures, one file per kind; drawn with matplotlib, an optional dependency."""
