"""Nothing in a test is left to chance: every test begins with the same seeds.

`pytest --sample-seed=N` tries other random examples and other mutants than those of every
run, the same for the same number; `--hypothesis-profile=thorough` 100 times as many
examples, others each time.
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
settings.register_profile("sampled", derandomize=False, database=None, **UNTIMED)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--sample-seed",
        type=int,
        default=0,
        metavar="N",
        help="what is tried of random examples and mutants; 0 is what every run tries",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Goes before Hypothesis, which takes its own options from here."""
    if number := config.getoption("sample_seed"):
        settings.load_profile("sampled")
        config.option.hypothesis_seed = str(number)


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
