"""Experiments, their recipes and budgets, the folders of their runs, and suites.

A suite is a TOML file that expands into experiments. An experiment's id, a hash of all that its outcome depends on,
names its folder.
"""
