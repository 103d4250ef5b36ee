"""Examples of the codes of hand-written layers: one that has the problem, one that has not."""
