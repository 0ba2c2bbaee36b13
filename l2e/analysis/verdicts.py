"""The words of a verdict on a curriculum against another."""

BASELINE = "baseline"  # the curriculum that the others are compared with
BETTER, WORSE, NO_DIFFERENCE, NO_VERDICT = "better", "worse", "no difference found", "no verdict"
