"""What runs add up to, as data frames: means over seeds, comparisons, claims, errors taken apart.

Runs are read once, as a `RunSet`. Nothing here writes text for people, and nothing knows how runs are trained.
"""
