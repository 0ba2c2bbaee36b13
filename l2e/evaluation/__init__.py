"""Evaluation on held-out samples under every rule, compared with oracle and trivial baselines."""
