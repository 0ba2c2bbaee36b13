"""Folders of results: tables and figures, a manifest that says what made them, and an index of such folders."""
