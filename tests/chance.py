"""Nothing in a test is left to chance: every test begins with the same seeds.

`pytest --hypothesis-profile=thorough` tries 100 times as many examples as the suite
does, and others each time.
"""

import random
import sys

import pytest
from hypothesis import HealthCheck, settings

SEED = 0

# Neither examples nor their number may depend on a generator or on how busy a machine is.
UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("suite", derandomize=True, **UNTIMED)
settings.register_profile("thorough", max_examples=10_000, **UNTIMED)
settings.load_profile("suite")


def seed() -> None:
    """Seeds the generators that tests may draw from, of libraries that are imported.

    Keras takes its seeds from Python's generator; so what a test is the first to
    import is seeded too.
    """
    random.seed(SEED)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(SEED)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(SEED)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Goes before the fixtures of a test, those of its module among them."""
    seed()
