"""Speed as ratios: ours against the best that a user gets in a line or two of plain torch, turn by turn."""
