"""How a learner learns: its data, updates, checks and checkpoints, alone or stacked with others of its shape.

`run_experiment` takes an experiment from its first update to its result. `jobs` and `executors` do so with many of
them, in this process, in others or on a cluster.
"""
