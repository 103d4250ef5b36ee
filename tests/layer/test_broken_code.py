"""Generated code with one thing wrong: the emitted test of the layer must notice."""

import re
import sys
import types
from pathlib import Path

import keras
import pytest

from layergen.testing.registry import checks_for
from layergen.testing.runner import results_of

ROOT = Path(__file__).parent.parent.parent
BROKEN = [
    ("sine_gate", "return upstream * s *", "return -upstream * s *", "gradient"),
    ("moving_center", "self.center.assign(center)", "pass", "updates_every_state"),
    ("pooled_neuron_stack", "if mask is None:", "if True:", "mask"),
    (
        "activity_penalty",
        "return x\n",
        "self.add_loss(ops.mean(x))\n        return x\n",
        "loss",
    ),
    (
        "noisy",
        "seed=self.seed_generator",
        "seed=7",
        "anew|loaded|repeats|generator",
    ),
    ("minimal_cell", "return h, [h]", "return h, states", "states|step|everything"),
    ("swish_dense", '"units": self.units,', "", "config|keras_file|clones"),
]


def source(stem):
    """The kept text of a layer and of its test."""
    folder = ROOT / "generated_examples"
    if not (folder / f"{stem}.py").exists():
        folder = ROOT / "tests" / "golden"
    return [
        (folder / name).read_text("utf-8") for name in (f"{stem}.py", f"test_{stem}.py")
    ]


@pytest.fixture
def registry():
    """What broken code registers is forgotten, or later tests would load it."""
    known = keras.saving.get_custom_objects()
    before = dict(known)
    yield
    known.clear()
    known.update(before)


def cases(stem, code, test, monkeypatch):
    """The cases of a test module, run on other code than its own."""
    for name, text in ((stem, code), (f"test_{stem}", test)):
        module = types.ModuleType(name)
        monkeypatch.setitem(sys.modules, name, module)
        exec(compile(text, name, "exec"), module.__dict__)
    return module.CASES


@pytest.mark.parametrize(
    ("stem", "old", "new", "named"), BROKEN, ids=[b[0] for b in BROKEN]
)
def test_emitted_test_notices(stem, old, new, named, monkeypatch, registry):
    code, test = source(stem)
    assert old in code
    broken = code.replace(old, new)
    [case, *_] = cases(stem, broken, test, monkeypatch)
    meant = [one for one in checks_for(case) if re.search(named, one.name)]
    failed = [one.check for one in results_of(case, meant) if one.outcome == "failed"]
    assert any(re.search(named, check) for check in failed), failed
