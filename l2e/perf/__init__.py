"""Speed relative to the best of some plain torch implementations, measured alternately."""
