"""Speed as ratios: ours against a plain peer of the same work, in the same process and the same minute."""
