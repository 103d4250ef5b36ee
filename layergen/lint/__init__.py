"""Faults in hand-written Keras layers, found in their text; nothing of it is run."""
