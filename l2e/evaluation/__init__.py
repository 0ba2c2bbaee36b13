"""How a predictor, trained or not, is judged: on held-out samples, under every rule, beside floors and ceiling.

A learner is taken from the newest checkpoint of its run. Nothing here trains anything.
"""
