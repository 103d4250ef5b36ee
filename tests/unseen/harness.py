"""Holds a generated layer to values that were written in NumPy apart from it.

`specs/NAME.yaml` makes the layer; `numpy/NAME.py` says what must come out. Its module has

- `ARGS`: the arguments of the constructor, a dict, or a function that returns one (where
  an argument is a Keras layer: name it, `keras.layers.Dense(3, name="inner")`).
- `INPUTS`: the inputs in the order of the call. Name to `(shape, dtype, low, high)`, or to
  a function of a NumPy generator that returns the array, or to a list of such for a list
  of tensors. Axis 0 is the batch. Integers are below `high`, booleans need no range.
- `reference(inputs, weights, args, training)`: what must come out, computed in float64: an
  array, a tuple of them, or a dict with `outputs` and, as there are, `states` (path to value
  after the call), `losses` (their sum), `mask` (of the output, or a tuple; None for none).
  `inputs` has each array by its name, a mask as `x_mask`. `weights` has all weights and states
  by their path in the layer, `kernel`, `query/kernel`. States that are not named must not
  change, and without `losses` there must be none.

and, as needed,

- `MASKS`: name of an input to a boolean array, or a function of a generator: its mask.
- `WEIGHTS`: path to `(low, high)`, or to a function of a generator and the shape. Weights and
  states are drawn from (-1, 1) else, whatever their initializer, integers from 0 to 3.
- `TRAINING = True`: training is compared as well, with what `reference` returns for it.
- `check(first, second, inputs, weights, args)`: asserts what must hold of the outputs of two
  calls in training, lists of arrays; for layers that draw, which leave `TRAINING` out.
- `gradients(inputs, weights, args, upstream)`: name of an input, or path of a weight, to the
  gradient of the sum of `upstream * output` (of a list of outputs, `upstream` is one too), in
  inference and without losses; for layers whose gradient is not that of their formula.
- `OPEN`: name of an input to its axes, beside the batch, that a saved model leaves open.
- `CELL = True`: a recurrent cell, with inputs `x` and `states`, a list; the reference returns
  the output and then the states. It is run in `keras.layers.RNN` as well.
- `FLIPS`: the share of entries that may differ in bfloat16, of a layer that jumps (0 else).
- `PATHS`: the spec's path of a weight to the reference's, where the two chose other names.

All values are drawn from those that bfloat16 has, so that only computing differs. What is
compared: eager, compiled by XLA, and in a functional model after saving and loading; in
float32 to 1e-4 and in mixed_bfloat16 to 3e-2 of the largest value that is expected.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

HERE = Path(__file__).parent
FLOAT32, BFLOAT16 = "float32", "mixed_bfloat16"
COLUMNS = ("eager", "compiled", "saved", "fit", "bfloat16")


@dataclass
class Result:
    """What became of one layer: why it was refused, or what is wrong by column."""

    name: str
    refused: str = ""
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        return not self.refused and not self.wrong


def names() -> list[str]:
    """The layers that have a spec and values."""
    specs = {path.stem for path in (HERE / "specs").glob("*.yaml")}
    return sorted(specs & {path.stem for path in (HERE / "numpy").glob("*.py")})


def files(name: str) -> tuple[Path, Path]:
    """The spec of a layer and the module with its values."""
    return HERE / "specs" / f"{name}.yaml", HERE / "numpy" / f"{name}.py"


def generate(spec: Path, folder: Path) -> str:
    """Write a layer and its test to a folder, as a user does; why not, or ""."""
    command = [sys.executable, "-m", "layergen", "generate", "--out"]
    done = subprocess.run(
        [*command, str(folder), str(spec)], capture_output=True, text=True
    )
    if done.returncode == 0:
        return ""
    return done.stderr.strip() or f"exit code {done.returncode}"


def module_of(path: Path, prefix: str = "") -> ModuleType:
    """A file as a module."""
    name = prefix + path.stem
    found = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module


def class_in(module: ModuleType) -> Any:
    """The layer that a generated module is for: the last that it defines."""
    import keras

    own = [
        one
        for one in vars(module).values()
        if isinstance(one, type)
        and issubclass(one, keras.layers.Layer)
        and one.__module__ == module.__name__
    ]
    return own[-1]


def run(spec: Path, values: Path, folder: Path) -> Result:
    """Generate a layer and hold it to its values."""
    refused = generate(spec, folder)
    if refused:
        return Result(spec.stem, refused=refused)
    try:
        layer = class_in(module_of(folder / f"{spec.stem}.py", "made_"))
        module = module_of(values, "values_")
    except Exception as error:
        return Result(spec.stem, wrong=dict.fromkeys(COLUMNS, told(error)))
    return judge(spec.stem, layer, module)


def judge(name: str, layer: Any, module: ModuleType) -> Result:
    """Hold a class of layers to its values, in every column."""
    from unseen import modes
    from unseen.trial import Trial

    result = Result(name)
    for column in COLUMNS:
        policy = BFLOAT16 if column == "bfloat16" else FLOAT32
        ways = ("eager", "compiled", "saved") if policy == BFLOAT16 else (column,)
        for way in ways:
            try:
                message = getattr(modes, way)(Trial(layer, module, policy))
            except Exception as error:
                message = told(error)
            if message:
                result.wrong[column] = f"{name}, {way}, {policy}: {message}"
                break
    return result


def told(error: Exception) -> str:
    """An exception in a line."""
    return f"{type(error).__name__}: " + " ".join(str(error).split())[:400]


def emitted(folder: Path, made: list[str]) -> dict[str, str]:
    """Run the tests that were made along with layers: what failed of each."""
    import xml.etree.ElementTree as ElementTree

    report = folder / "emitted.xml"
    files = [str(folder / f"test_{name}.py") for name in made]
    command = [sys.executable, "-m", "pytest", "-q", "-n1", "-p", "no:cacheprovider"]
    subprocess.run(
        [*command, f"--junitxml={report}", *files], cwd=folder, capture_output=True
    )
    failed = {name: [] for name in made}
    seen = set()
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.get("classname", "").split(".")[-1].removeprefix("test_")
        seen.add(name)
        if case.find("failure") is not None or case.find("error") is not None:
            failed.setdefault(name, []).append(case.get("name", ""))
    unseen = {name: "no test ran" for name in made if name not in seen}
    return {name: ", ".join(tests) for name, tests in failed.items()} | unseen
