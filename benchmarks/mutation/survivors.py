"""Mutants that the emitted tests let live though they are not equivalent."""

SURVIVORS: dict[str, str] = {}
