"""Nothing that a test draws, trains or waits for is left to chance."""

import ast
import random
from pathlib import Path

import chance
import keras
import numpy as np
import pytest
from hypothesis import settings

from layergen import load, render

ROOT = Path(__file__).parents[1]
FILES = [
    path
    for folder in ("tests", "generated_examples")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.name != "chance.py"  # It says where other examples are wanted.
]
# Generators that no seed reaches, and clocks, on which a busy machine decides.
WITHOUT_SEED = {
    *("os.urandom", "os.getrandom", "random.SystemRandom"),
    *("uuid.uuid1", "uuid.uuid4"),
    *("time.time", "time.monotonic", "time.perf_counter", "time.process_time"),
    *("timeit.timeit", "timeit.repeat"),
}
# Generators that take a seed, and draw one themselves where none is given.
TAKES_SEED = {
    *("random.Random", "random.seed", "np.random.seed"),
    *("np.random.default_rng", "np.random.RandomState"),
}


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """The full name of what an expression stands for; "" where it is no name."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value, names)
        return before and f"{before}.{node.attr}"
    return names.get(node.id, node.id) if isinstance(node, ast.Name) else ""


def imported(tree: ast.Module) -> dict[str, str]:
    """Names that a module imports, and what they are names of."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                found[one.asname or one.name] = one.name
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for one in node.names:
                found[one.asname or one.name] = f"{node.module}.{one.name}"
    return {name: what.replace("numpy", "np", 1) for name, what in found.items()}


def left_to_chance(text: str) -> list[str]:
    """The calls of a module whose outcome no seed decides, with their lines."""
    tree = ast.parse(text)
    names, found = imported(tree), []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func, names)
        given = {one.arg: ast.unparse(one.value) for one in node.keywords}
        if (
            name in WITHOUT_SEED
            or name.startswith("secrets.")
            or (name in TAKES_SEED and not node.args and "seed" not in given)
            or given.get("derandomize", "True") != "True"
            or (name.endswith("settings") and given.get("deadline", "None") != "None")
        ):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_generator_is_unseeded_and_no_clock_is_read(path):
    assert left_to_chance(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\nx = np.random.default_rng().normal()",
        "from numpy.random import default_rng\nx = default_rng()",
        "import numpy\nnumpy.random.RandomState()",
        "import random\nrandom.Random()",
        "import random\nrandom.seed()",
        "from random import SystemRandom as R\nR()",
        "import os\nos.urandom(3)",
        "import secrets as s\ns.token_hex()",
        "import time\nassert time.perf_counter() - a < 2",
        "from time import monotonic\nmonotonic()",
        "settings(derandomize=False)",
        "settings(deadline=200)",
    ],
)
def test_what_is_left_to_chance_is_seen(text):
    assert len(left_to_chance(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\nx = np.random.default_rng(0).normal()",
        "import random\nrandom.Random(seed)",
        "import time\ntime.sleep(1)",
        "settings(deadline=None)",
        "random.normal((3,))",
    ],
)
def test_what_is_seeded_is_let_pass(text):
    assert left_to_chance(text) == []


OTHER_ORDER = """\
layer: TwoSteps
style: both
args: {units: int}
inputs: [batch, features]
outputs: [batch, units]
weights: {first: [features, units], second: [units, units], bias: [units]}
forward: (x @ first + bias) @ second
"""


def test_an_emitted_test_that_trains_outside_of_a_check_sets_its_seed():
    text = render(load(OTHER_ORDER))["test_two_steps.py"]
    [test] = [
        ast.unparse(node)
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and "train_on_batch" in ast.unparse(node)
    ]
    assert test.splitlines()[1].strip() == "keras.utils.set_random_seed(0)"


def drawn() -> list[float]:
    """A number of every generator that is shared by a whole process."""
    import tensorflow as tf

    return [
        random.random(),
        np.random.random(),
        float(keras.random.uniform(())),
        float(keras.ops.sum(keras.layers.Dense(3)(np.ones((1, 3))))),
        float(tf.random.uniform(())),
    ]


@pytest.fixture(scope="module")
def of_the_module():
    """Drawn before the fixtures and the body of the module's first test."""
    return random.random()


def test_a_test_begins_with_the_seeds():
    found = drawn()
    assert drawn() != found
    chance.seed()
    assert drawn() == found


def test_fixtures_begin_with_the_seeds(of_the_module):
    chance.seed()
    assert random.random() == of_the_module


def test_random_examples_are_the_same_in_every_run_but_where_others_are_asked_for(
    pytestconfig,
):
    asked = ("sample_seed", "hypothesis_profile")
    others = any(pytestconfig.getoption(one) for one in asked)
    assert settings.default.derandomize is not others
    assert settings.default.deadline is None
