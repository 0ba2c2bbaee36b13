"""What is run, and where it lies: an experiment, its recipe and budget, and the folder that keeps its run.

A suite is a TOML file that expands into experiments; `suites/` holds those that come with l2e. An experiment is frozen,
and its id, a hash of all that the outcome depends on, names the folder.
"""
