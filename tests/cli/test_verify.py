"""`layergen verify`: any layer held to the contract from the command line."""

import json
import subprocess
import sys
from contextlib import contextmanager

import pytest

from layergen.commands import verify_apart, verify_checking
from layergen.commands.verify_inputs import inputs

LAYERS = """
import keras
from keras import ops


@keras.saving.register_keras_serializable(package="{name}")
class Scale(keras.layers.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x):
        return self.factor * x

    def get_config(self):
        return {{**super().get_config(), "factor": self.factor}}


class Forgets(keras.layers.Layer):
    def __init__(self, factor=2.0):
        super().__init__()
        self.factor = factor

    def call(self, x):
        return self.factor * x


class Crashes(keras.layers.Layer):
    def __init__(self):
        raise RuntimeError("boom")

    def call(self, x):
        return x


class Wide(keras.layers.Layer):
    def call(self, first, second):
        return ops.concatenate([first, second], -1) + ops.zeros(8)


class Joined(keras.layers.Layer):
    def call(self, inputs, mask=None, *, twice=False):
        both = inputs["left"] + inputs["right"]
        return 2 * both if twice else both


class NoLayer:
    pass
"""

PASSED = {
    "group": "shapes",
    "check": "can_be_called",
    "outcome": "passed",
    "message": "",
    "device": "",
    "by": "",
    "reason": "",
    "flag": "",
}


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch, request):
    """Run the layers here, where Keras is imported already, unless a test is of that."""

    @contextmanager
    def running(asked, scratch):
        told = []
        verify_checking.run(asked, lambda *event: told.append(event))
        yield [*told, ("ended", "exit code 0")]

    if "process" not in request.fixturenames:
        monkeypatch.setattr(verify_apart, "running", running)


@pytest.fixture
def module(here, monkeypatch, request):
    """The name of a module with layers, in the current folder."""
    name = f"hand_written_{abs(hash(request.node.name))}"
    (here / f"{name}.py").write_text(LAYERS.format(name=name))
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield name
    sys.modules.pop(name, None)


def test_a_right_layer_passes(layergen, module):
    result = layergen(
        "verify",
        f"{module}:Scale",
        "--only",
        "config",
        "--only",
        "rows_are_independent",
    )
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "Scale(); x (3, 8)"
    assert (
        "  shapes      rows_are_independent                           passed" in lines
    )
    assert "config_has_every_argument" in result.stdout
    assert "saving" not in result.stdout
    assert " passed, 0 failed, " in lines[-2]


def test_a_broken_layer_is_told_what_is_wrong(layergen, module):
    result = layergen("verify", f"{module}.py:Forgets", "--only", "config")
    assert result.exit_code == 1
    assert (
        "  config      config_survives_json                           FAILED"
        in result.stdout
    )
    assert "config_survives_json: Forgets: " in result.stderr
    assert "unexpected keyword argument 'trainable'" in result.stderr


def test_quiet_tells_the_failures_alone(layergen, module):
    result = layergen("verify", f"{module}:Forgets", "--only", "config", "-q")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("config_survives_json: Forgets: ")


def test_skipped_checks_are_not_run(layergen, module):
    result = layergen(
        "verify",
        f"{module}:Scale",
        "--only",
        "shapes",
        "--skip",
        "rows_are_independent",
    )
    assert result.exit_code == 0
    assert "can_be_called" in result.stdout
    assert "rows_are_independent" not in result.stdout


def test_json(layergen, module):
    result = layergen(
        *("verify", f"{module}:Scale", "--args", "{factor: 3}", "--input", "4, 5"),
        *("--only", "can_be_called", "--json"),
    )
    assert json.loads(result.stdout) == [
        {
            "layer": "Scale",
            "args": {"factor": "3"},
            "inputs": {
                "x": {"shape": [4, 5], "dtype": "float32", "min": None, "max": None}
            },
            "training": None,
            "losses": 0,
            "states": {},
            "checks": [PASSED],
            "proven": None,
        }
    ]


def test_json_of_ranges_and_of_lists(layergen, module):
    result = layergen(
        *("verify", "keras.layers:Add", "--only", "can_be_called", "--json"),
        *("--input", "2, 3", "--input", "2, 3 int32 0..9"),
    )
    [case] = json.loads(result.stdout)
    assert case["inputs"] == {
        "inputs": [
            {"shape": [2, 3], "dtype": "float32", "min": None, "max": None},
            {"shape": [2, 3], "dtype": "int32", "min": 0, "max": 9},
        ]
    }


def test_inputs_by_name_and_in_order(layergen, module):
    result = layergen(
        *("verify", f"{module}:Wide", "--only", "can_be_called"),
        *("--input", "second: 2, 5", "--input", "2, 3"),
    )
    assert result.stdout.startswith("Wide(); first (2, 3), second (2, 5)\n")
    result = layergen(
        *("verify", "keras.layers:Add", "--only", "can_be_called"),
        *("--input", "2, 3", "--input", "2, 3"),
    )
    assert result.stdout.startswith("Add(); inputs [(2, 3), (2, 3)]\n")
    result = layergen(
        *("verify", f"{module}:Joined", "--only", "can_be_called"),
        *("--input", "left: 2, 3", "--input", "right: 2, 3"),
    )
    told = "Joined(); left (2, 3), right (2, 3); in one dict\n"
    assert result.stdout.startswith(told)


def test_a_layer_that_crashes_fails_one_check(layergen, module):
    result = layergen("verify", f"{module}:Crashes", "--only", "saving")
    assert result.exit_code == 1
    assert "0 passed, 1 failed, 0 not applicable" in result.stdout
    assert (
        "can_be_called: Crashes: constructing Crashes() raised RuntimeError: boom"
        in (result.stderr)
    )


def test_a_spec_runs_through_the_cases_of_its_test(layergen, here):
    layergen("new", "double")
    result = layergen("verify", "double.yaml", "--only", "shapes")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Double(")
    assert {one.name for one in here.iterdir()} >= {"double.yaml"}


STATED = """
import keras
from keras import ops

register = keras.saving.register_keras_serializable(package="stated")


@register
class Straight(keras.layers.Layer):
    def call(self, x):
        return x + ops.stop_gradient(ops.round(x) - x)


@register
class Rounds(keras.layers.Layer):
    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1],), name="w")

    def call(self, x):
        return x + ops.stop_gradient(x * self.w)


@register
class Centers(keras.layers.Layer):
    def call(self, x):
        return x - ops.mean(x, axis=0)


@register
class Fixed(keras.layers.Layer):
    def call(self, x):
        return ops.reshape(x, (x.shape[0], -1, 1))


@register
class Shifts(keras.layers.Layer):
    def call(self, x, by):
        return x + by


@register
class Needs(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)

    def call(self, x):
        return 2.0 * x


@register
class Pools(keras.layers.Layer):
    def call(self, x, mask=None):
        if mask is None:
            return ops.mean(x, axis=1)
        weights = ops.cast(mask, x.dtype)[..., None]
        return ops.sum(x * weights, axis=1) / ops.sum(weights, axis=1)


@register
class Passes(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, x):
        return 2.0 * x
"""


@pytest.mark.parametrize(
    ("layer", "given", "only", "flag", "stated"),
    [
        (
            *("Straight", (), "gradient_equals_central_differences"),
            *("--gradient surrogate", ("--gradient", "surrogate")),
        ),
        (
            *("Rounds", (), "everything_gets_a_gradient"),
            *("--zero-gradient w, or --gradient none", ("--zero-gradient", "w")),
        ),
        (
            *("Rounds", (), "everything_gets_a_gradient"),
            *("--zero-gradient w, or --gradient none", ("--gradient", "none")),
        ),
        ("Centers", (), "rows_are_independent", "--mixes-rows", ("--mixes-rows",)),
        (
            *("Fixed", ("--input", "2, 3"), "batch_may_be_unknown"),
            *("--open-axis none", ("--open-axis", "none")),
        ),
        (
            *("Shifts", ("--input", "2, 3"), "can_be_called"),
            "--input 'by: ...', or --call-args '{by: ...}'",
            ("--call-args", "{by: 2.0}"),
        ),
        (
            *("Needs", ("--input", "2, 3"), "can_be_called"),
            *("--args '{units: ...}'", ("--args", "{units: 3}")),
        ),
        (
            *("Passes", ("--input", "2, 5, 3", "--mask", "stop"), "mask_is_used_up"),
            *("--mask pass", ("--mask", "pass")),
        ),
        (
            *("Passes", ("--losses", "2"), "call_adds_stated_losses"),
            *("--losses 0", ("--losses", "0")),
        ),
    ],
)
def test_a_failure_says_which_option_would_apply_and_it_does(
    layergen, here, module, layer, given, only, flag, stated
):
    (here / f"{module}.py").write_text(STATED)
    asked = ("verify", f"{module}.py:{layer}", *given)
    result = layergen(*asked, "--only", only)
    assert result.exit_code == 1, result.output
    assert f"\nIf that is meant: {flag}\n" in result.stderr
    [case] = json.loads(layergen(*asked, "--only", only, "--json").stdout)
    assert [one["flag"] for one in case["checks"] if one["outcome"] == "failed"] == [
        flag
    ]
    held = ("--only", only, "--only", "can_be_called")
    result = layergen(*asked, *stated, *held)
    assert result.exit_code == 0, result.output + result.stderr


@pytest.mark.parametrize(
    ("layer", "given", "failed"),
    [
        ("Centers", ("--random",), "draws_anew_in_every_step"),
        ("Centers", ("--training",), "training_differs_from_inference"),
        ("Centers", ("--losses", "1"), "call_adds_stated_losses"),
        ("Pools", ("--input", "2, 5, 3", "--mask", "pass"), "mask_is_passed_on"),
        ("Fixed", ("--input", "2, 5", "--open-axis", "1"), "time_may_be_unknown"),
    ],
)
def test_what_is_stated_is_held(layergen, here, module, layer, given, failed):
    (here / f"{module}.py").write_text(
        STATED.replace("(x.shape[0], -1, 1)", "(-1, x.shape[1], 1)")
    )
    result = layergen("verify", f"{module}.py:{layer}", *given, "--only", failed)
    assert result.exit_code == 1, result.output
    assert f"{failed}: {layer}: " in result.stderr


def test_causes_are_told_once(layergen, module):
    result = layergen("verify", f"{module}.py:Forgets", "--only", "config")
    assert result.exit_code == 1
    row = (
        "clones_share_nothing                           stopped by config_survives_json"
    )
    assert row in result.stdout
    assert " 1 failed, 2 stopped, " in result.stdout
    told = "It stops config_keeps_what_every_layer_has, clones_share_nothing."
    assert told in result.stderr
    assert result.stderr.count("unexpected keyword argument") == 1


def test_known_failures(layergen, module):
    known = ("--expect", "config_survives_json=it takes nothing")
    only = ("--only", "config")
    result = layergen("verify", f"{module}.py:Forgets", *known, *only)
    assert result.exit_code == 0, result.output
    assert "fails, as expected: it takes nothing" in result.stdout
    assert " 0 failed, 2 stopped, 1 known, " in result.stdout
    [case] = json.loads(
        layergen("verify", f"{module}.py:Forgets", *known, *only, "--json").stdout
    )
    [found] = [one for one in case["checks"] if one["outcome"] == "known"]
    assert found["reason"] == "it takes nothing"
    assert "unexpected keyword argument" in found["message"]
    result = layergen("verify", f"{module}.py:Scale", *known, *only)
    assert result.exit_code == 1
    assert "it passes, and is expected to fail: it takes nothing" in result.stderr


def test_known_failures_of_a_spec(layergen, here):
    (here / "twice.yaml").write_text(UNPROVEN)
    known = ("--expect", "can_be_called=nobody knows", "--only", "can_be_called")
    result = layergen("verify", "twice.yaml", *known)
    assert result.exit_code == 1
    assert "it passes, and is expected to fail: nobody knows" in result.stderr
    assert "If that is meant" not in result.stderr


UNPROVEN = "layer: Twice\ninputs: [batch, f]\noutputs: [batch, f]\nforward: 2 * x\n"


@pytest.mark.parametrize(
    ("proof", "strict", "code", "stream"),
    [
        ("", (), 0, "stdout"),
        ("", ("--strict",), 1, "stderr"),
        ("reference: x + x\n", ("--strict",), 0, ""),
    ],
)
def test_a_spec_whose_values_nothing_proves(
    layergen, here, proof, strict, code, stream
):
    (here / "twice.yaml").write_text(UNPROVEN + proof)
    options = ("--only", "can_be_called", *strict)
    result = layergen("verify", "twice.yaml", *options)
    assert result.exit_code == code, result.output
    for one in ("stdout", "stderr"):
        assert ("unproven: without" in getattr(result, one)) == (one == stream)
    [case] = json.loads(layergen("verify", "twice.yaml", *options, "--json").stdout)
    assert case["proven"] == bool(proof)


def test_a_spec_beside_it_is_rendered_too(layergen, here):
    (here / "outer_one.yaml").write_text(
        "layer: OuterOne\ndoc: Holds another.\ninputs: [..., features]\n"
        "outputs: [..., features]\nlayers:\n  inner: InnerOne()\nforward: inner(x)\n"
    )
    (here / "inner_one.yaml").write_text(
        "layer: InnerOne\ndoc: Doubles.\ninputs: [...]\noutputs: [...]\nforward: 2 * x\n"
    )
    result = layergen("verify", "outer_one.yaml", "--only", "can_be_called")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["json"], "neither a spec (.yaml) nor a layer"),
        (["nowhere_at_all:Layer"], "cannot import nowhere_at_all: ModuleNotFoundError"),
        (["missing.py:Layer"], "there is no file missing.py"),
        (["{module}:Scal"], "has no 'Scal' (did you mean `Scale`?)"),
        (
            ["{module}.py:Nope"],
            "has no 'Nope'; its layers: Scale, Forgets, Crashes, Wide",
        ),
        (["{module}.py"], ".py:Class; its layers: Scale, Forgets, Crashes, Wide"),
        (["{module}:NoLayer"], "is no Keras layer class"),
        (["{module}:keras"], "is no Keras layer class"),
        (["{module}:Scale", "--args", "[1]"], "--args must be a mapping"),
        (["{module}:Scale", "--args", "{"], "--args is not valid YAML"),
        (["{module}:Scale", "--input", "two"], "is no input: write sizes, batch first"),
        (["{module}:Scale", "--input", "2 int33"], "there is no dtype 'int33'"),
        (["{module}:Scale", "--input", "0, 3"], "sizes start at 1"),
        (["{module}:Scale", "--input", "2 object"], "there is no dtype 'object'"),
        (["{module}:Scale", "--input", "2 float32 1.2.3..4"], "is no input: write"),
        (["{module}:Scale", "--input", "2 int32 5..2"], "begins at 5, above its end 2"),
        (["{module}:Scale", "--input", "2 int32 0.5..2"], "is of whole numbers"),
        (["{module}:Scale", "--input", "2 uint8 0..256"], "uint8 holds 0 to 255 only"),
        (
            ["{module}:Wide", "--input", "fist: 2"],
            "has no 'fist' (did you mean `first`?)",
        ),
        (
            ["{module}:Scale", *("--only", "saving", "--skip", "saving")],
            "no check is left to run",
        ),
        (
            ["{module}:Scale", "--args", "{factor: {class_name: Dense, config: {}}}"],
            "--args: cannot make the Dense",
        ),
        (
            ["{module}:Wide", *["--input", "2, 3"] * 3],
            "more inputs than the layer takes",
        ),
        (
            ["{module}:Scale", "--only", "savin"],
            "no check 'savin' (did you mean `saving`?)",
        ),
        (["{module}:Wide"], "no input that was tried is accepted"),
        (["nowhere.yaml"], "cannot read nowhere.yaml"),
        (["nowhere.yaml", "--input", "2"], "has its own cases: no --input."),
        (
            ["nowhere.yaml", "--mask", "pass", "--losses", "0", "--random"],
            "has its own cases: no --mask, no --random, no --losses.",
        ),
        (["{module}:Scale", "--open-axis", "one"], "--open-axis 'one' is no axis"),
        (["{module}:Scale", "--open-axis", "-1"], "--open-axis '-1' is no axis"),
        (["{module}:Scale", "--call-args", "3"], "--call-args must be a mapping"),
        (
            ["{module}:Scale", "--call-args", "{x: 3}"],
            "both inputs and `call_args`",
        ),
        (["{module}:Scale", "--expect", "can_be_called"], "gives no reason"),
        (
            ["{module}:Scale", "--expect", "can_be_call=why"],
            "no check 'can_be_call' (did you mean `can_be_called`?)",
        ),
    ],
)
def test_bad_input_is_one_clear_error(layergen, module, arguments, said):
    result = layergen("verify", *(one.replace("{module}", module) for one in arguments))
    assert result.exit_code == 2, result.output
    assert said in result.stderr


def test_errors_of_a_spec_are_told(layergen, here):
    (here / "bad.yaml").write_text("layer: Bad\nforwrd: x\n")
    result = layergen("verify", "bad.yaml")
    assert result.exit_code == 2
    assert "bad.yaml:2:1: LG" in result.stderr


SAVED = ("--only", "loads_in_fresh_process", "--only", "can_be_called")


@pytest.mark.parametrize(
    ("file", "above"),
    [
        # The standard library has a module of this name, and Keras a package.
        ("b_{name}/types.py", []),
        ("b_{name}/keras/lay.py", ["b_{name}/keras/__init__.py"]),
        ("b_{name}/__init__.py", []),
        ("{name}_pkg/lay.py", ["{name}_pkg/__init__.py"]),
        ("c_{name}/{name}_pkg/sub/lay.py", ["c_{name}/{name}_pkg/__init__.py"]),
    ],
)
def test_a_file_is_imported_from_where_it_lies(
    layergen, here, module, monkeypatch, file, above
):
    import types

    known = dict(sys.modules)
    for one in (file, *above):
        place = here / one.format(name=module)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("FACTOR = 2\n")
    place = here / file.format(name=module)
    if "pkg" in file or "keras" in file:
        (place.parent / "__init__.py").touch()
        (place.parent / "beside.py").write_text("FACTOR = 2\n")
        place.write_text(f"from .beside import FACTOR\n{LAYERS.format(name=module)}")
    else:
        place.write_text(LAYERS.format(name=module))
    result = layergen("verify", f"{file.format(name=module)}:Scale", *SAVED)
    assert result.exit_code == 0, result.output + result.stderr
    assert "2 passed, 0 failed" in result.stdout
    assert sys.modules["types"] is types
    assert sys.modules["keras"] is known["keras"]


PRINTS = """
import atexit, logging, os, subprocess, sys, ctypes

def everywhere(when):
    print("printed", when)
    sys.stdout.write(f"[1, {when!r}\\n")
    sys.__stdout__.write(f"under it {when}\\n")
    os.write(1, f"written {when}\\n".encode())
    os.system(f"echo by a shell {when}")
    subprocess.run([sys.executable, "-c", f"print('by a child {when}')"])
    libc = ctypes.CDLL(None)
    libc.puts(f"by C {when}".encode())
    libc.fflush(None)
    logging.warning("logged %s", when)

logging.basicConfig(stream=sys.stdout, force=True)
everywhere("at import")
atexit.register(everywhere, "at exit")

import keras

@keras.saving.register_keras_serializable("prints")
class Loud(keras.layers.Layer):
    def call(self, x):
        everywhere("in call")
        return x * 2.0
"""


@pytest.mark.parametrize("options", [("--json",), ()])
def test_what_a_module_prints_goes_to_standard_error(process, here, options):
    (here / "loud.py").write_text(PRINTS)
    done = process("verify", "loud.py:Loud", "--only", "can_be_called", *options)
    assert done.returncode == 0, done.stderr
    for how in ("printed", "under it", "written", "by a shell", "by a child", "by C"):
        for when in ("at import", "in call", "at exit"):
            assert f"{how} {when}" in done.stderr.decode()
    if options:
        [case] = json.loads(done.stdout)
        assert case["checks"] == [PASSED]
    else:
        title, row, total, empty = done.stdout.decode().split("\n", 3)
        assert title == "Loud(); x (3, 8)"
        assert row.endswith(" passed") and total.startswith("1 passed, 0 failed, ")


ENDING = """
import os, sys, time
import keras

def end():
    {end}

{at_import}

class Ends(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        if "observed" in os.environ: end()

    def get_config(self):
        end()

    def call(self, x):
        return x * 2.0
"""
# Where it ends, how that is brought about, and what is said before the reason.
PLACES = {
    "import": ("end()", {}, "importing ends.py", "ends.py:Ends"),
    "observed": ("", {"observed": "1"}, "the layer", "ends.py:Ends"),
    "check": ("", {}, "the layer", "Ends"),
}


@pytest.mark.parametrize(
    ("place", "end", "how", "options"),
    [
        ("import", "os._exit(0)", "exit code 0", ("--json",)),
        ("import", "sys.exit(0)", "exit code 0", ()),
        ("observed", "quit()", "exit code 0", ("--json",)),
        ("check", "os.closerange(3, 99); os._exit(0)", "exit code 0", ("--json",)),
        ("check", "sys.exit(3)", "exit code 3", ()),
        ("check", "os.kill(os.getpid(), 9)", "SIGKILL", ("--json",)),
        # Another process has the pipe, and lives on.
        ("check", "os.fork() and os._exit(0); os.close(2); time.sleep(9)", "", ()),
    ],
)
def test_a_module_that_ends_the_process_has_failed(
    process, here, place, end, how, options
):
    at_import, env, what, layer = PLACES[place]
    text = ENDING.format(end=end, at_import=at_import)
    (here / "ends.py").write_text(f"import tempfile; tempfile.mkdtemp()\n{text}")
    scratch = here / "scratch"
    scratch.mkdir()
    env = {**env, "TMPDIR": str(scratch)}
    asked = "config_keeps_what_every_layer_has"
    done = process("verify", "ends.py:Ends", "--only", asked, *options, env=env)
    assert done.returncode == 1, done.stderr
    check = asked if place == "check" else "can_be_called"
    said = (
        f"{what} ended the process it ran in ({how or 'exit code 0'}); no check after "
        "this one was run."
    )
    if options:
        [case] = json.loads(done.stdout)
        assert case["layer"] == layer
        [found] = case["checks"]
        assert (found["check"], found["outcome"]) == (check, "failed")
        assert found["message"] == said
    else:
        assert b"0 passed, 1 failed, 0 not applicable" in done.stdout
        assert f"{check}: {said}" in done.stderr.decode()
    assert list(scratch.iterdir()) == []


def test_a_spec_is_judged_before_keras_is_started(process, here):
    (here / "bad.yaml").write_text("layer: Bad\nforwrd: x\n")
    done = process("verify", "bad.yaml", env={"KERAS_BACKEND": "torch"})
    assert done.returncode == 2
    assert b"bad.yaml:2:1: LG201 unknown key `forwrd`" in done.stderr


def test_verify_with_standard_error_closed(here):
    (here / "loud.py").write_text(PRINTS)
    command = "verify loud.py:Loud --only can_be_called --json 2>&-"
    done = subprocess.run(
        f"{sys.executable} -m layergen {command}", shell=True, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)[0]["checks"] == [PASSED]


def test_a_layer_among_the_arguments(layergen):
    result = layergen(
        *("verify", "keras.layers:TimeDistributed", "--only", "can_be_called"),
        *("--args", "{layer: {class_name: Dense, config: {units: 3}}}"),
        *("--input", "2, 4, 5"),
    )
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("TimeDistributed(layer=<Dense ")


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_nothing_else_is_printed_with_the_table(process, here, module, backend):
    pytest.importorskip(backend)
    file = here / f"{module}.py"
    file.write_text(f"import warnings\nwarnings.warn('leak')\n{file.read_text()}")
    done = process(
        *("verify", f"{module}.py:Scale", "--only", "keras_file_round_trip"),
        # What the run of tests has chosen to see of TensorFlow is kept out.
        env={"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0
    assert done.stderr == b""


def test_another_backend_is_refused(process):
    done = process("verify", "keras.layers:Dense", env={"KERAS_BACKEND": "numpy"})
    assert done.returncode == 2
    assert b"on TensorFlow, JAX or PyTorch" in done.stderr


def test_a_name_that_is_repeated_has_a_list_of_tensors():

    found = inputs(["parts: 2, 3", "gate: 2", "parts: 2, 5"], ["gate", "parts"])
    assert found == {"gate": (2,), "parts": [(2, 3), (2, 5)]}
