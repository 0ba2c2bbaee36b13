"""Training: data, updates, checks and checkpoints, of single models or of stacked ones.

`run_experiment` runs one experiment; `jobs` and `executors` run many, in processes or on a cluster.
"""
