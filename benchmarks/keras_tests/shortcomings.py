"""The tests that fail, each with what stands in the way."""

SHORTCOMINGS: dict[str, dict[str, str]] = {}
