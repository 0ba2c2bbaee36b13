"""A local page on which trained networks answer inputs, with the probability of each character."""
