"""Hypothesis profiles: `pytest --hypothesis-profile=thorough` tries 100 times as much."""

from hypothesis import settings

settings.register_profile("thorough", max_examples=10_000)
