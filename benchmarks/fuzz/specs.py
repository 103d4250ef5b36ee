"""Random specs whose every name is drawn: whatever has a name in the language has one."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

import yaml

from fuzz.pool import Drawn
from layergen.keras_tables.names import LAYER_ATTRIBUTES

IMPORTS = ["import json as {}", "from math import floor as {}"]


@dataclass
class Made:
    """A spec in the making: `terms` are tensors that `forward` adds up."""

    draw: Random
    names: Drawn
    style: str
    spec: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    def chance(self, of: float = 0.5) -> bool:
        return self.draw.random() < of

    def name(self) -> str:
        return self.names.one()

    def stored(self) -> str:
        """A name for what the class stores."""
        return self.names.one(LAYER_ATTRIBUTES)

    @property
    def is_class(self) -> bool:
        return self.style == "class"


def spec_text(draw: Random) -> str:
    """The YAML text of a spec that holds but for its names."""
    style = draw.choice(["class", "class", "functional", "both"])
    made = Made(draw, Drawn(draw), style)
    made.spec = {"layer": "Made", "style": style}
    for part in (
        _imports,
        _args,
        _inputs,
        _members,
        _functions,
        _methods,
        _derived,
        _rules,
    ):
        part(made)
    _forward(made)
    return yaml.safe_dump(made.spec, sort_keys=False, width=10_000)


def _imports(made: Made) -> None:
    if made.chance(0.2):
        name = made.name()
        made.spec["imports"] = made.draw.choice(IMPORTS).format(name)
        made.lines.append(f"if {name} is None: pass")


def _args(made: Made) -> None:
    units = made.stored()
    args: dict[str, Any] = {units: "int"}
    made.sizes.append(units)
    if made.chance(0.4):
        made.flags.append(made.stored())
        args[made.flags[0]] = "bool = True"
    if made.chance(0.3):
        name = made.stored()
        args[name] = made.draw.choice(["float", "float = 0.5", "float | None = 0.5"])
        made.lines.append(f"if {name} is None: pass")
    if made.chance(0.3):
        name = made.stored()
        args[name] = made.draw.choice(['Initializer = "zeros"', 'Activation = "relu"'])
        made.lines.append(f"if {name} is None: pass")
    if made.chance(0.2) and made.is_class:
        name = made.stored()
        args[name] = {"type": "Array", "shape": ["3"]}
        made.lines.append(f"if {name} is None: pass")
    if made.chance(0.3):
        name = made.stored()
        args[name] = made.draw.choice(
            ["list[int]", "list[list[int]]", "Shape = (2, 3)"]
        )
        made.lines.append(f"if len({name}) > 3: pass")
    made.spec["args"] = args


def _methods(made: Made) -> None:
    if made.chance(0.3) and made.is_class:
        taken, number = made.name(), made.name()
        shape = ["batch", made.sizes[0]]
        made.spec["methods"] = {
            made.stored(): {
                "inputs": {taken: shape},
                "args": {number: "int = 2"},
                "forward": f"{taken} * {number}",
            }
        }
        made.spec["properties"] = {made.stored(): "ops.ones(2)"}


def _inputs(made: Made) -> None:
    width = made.name()
    lead = made.draw.choice([["batch"], ["batch", made.name()], ["..."]])
    shape = [*lead, width]
    made.sizes.append(width)
    if made.chance(0.3):
        made.spec["inputs"] = list(shape)
        made.terms.append("x")
        first = "x"
    else:
        first = made.name()
        inputs: dict[str, Any] = {first: list(shape)}
        made.terms.append(first)
        further = [_further_input(made, shape) for _ in range(made.draw.randrange(3))]
        further.sort(key=lambda one: "optional" in one)
        inputs |= {made.name(): one for one in further}
        made.spec["inputs"] = inputs
        for name, one in list(inputs.items())[1:]:
            _use_input(made, name, one)
    for one in shape[1:] if made.chance(0.4) else []:
        if one != "...":
            made.lines.append(f"if {one} is None: pass")
    if made.chance(0.3) and made.is_class:
        made.spec["call_args"] = {made.name(): "int = 3"}
        made.lines.append(f"if {next(iter(made.spec['call_args']))} > 3: pass")
    elif made.chance(0.1) and made.is_class:
        name = made.name()
        long = {"type": "int | Tensor", "default": 1, "positional": made.chance(0.5)}
        made.spec["call_args"] = {name: long}
        made.terms.append(name)


def _further_input(made: Made, shape: list[str]) -> Any:
    kind = made.draw.randrange(6)
    if kind == 0 and made.is_class:
        return {"shape": list(shape), "many": made.draw.choice([True, made.name()])}
    if kind == 1 and made.is_class:
        return {"shape": list(shape), "optional": True}
    if kind == 2:
        return {"shape": list(shape), "dtype": "int32", "min": 0, "below": 9}
    return list(shape)


def _use_input(made: Made, name: str, one: Any) -> None:
    if isinstance(one, list):
        made.terms.append(name)
    elif "many" in one:
        made.terms.append(f"{name}[0]")
    elif "dtype" in one:
        made.terms.append(f"ops.cast({name}, {made.terms[0]}.dtype)")
    else:
        made.lines.append(f"if {name} is None: pass")


def _members(made: Made) -> None:
    units, width = made.sizes[:2]
    first = made.terms[0]
    if made.chance(0.5):
        kernel = made.stored()
        made.spec["weights"] = {kernel: [width, units]}
        product = f"({first} @ {kernel})"
        if made.chance(0.3):
            bias = made.stored()
            made.spec["weights"][bias] = [units]
            product = f"({first} @ {kernel} + {bias})"
        made.terms.append(f"ops.sum({product})")
    if made.chance(0.4):
        name = made.stored()
        if made.chance():
            made.spec["layers"] = {name: f"Dense({made.draw.choice([units, width])})"}
            made.terms.append(f"ops.sum({name}({first}))")
        else:
            loop, one = made.name(), made.name()
            over = made.draw.choice([f"range({units})", "(3, 4)"])
            layer = {"make": f"Dense({loop} + 1)", "for": f"{loop} in {over}"}
            made.spec["layers"] = {name: layer}
            made.lines.append(f"for {one} in {name}: {first} = {one}({first})")
    if made.chance(0.2) and made.is_class:
        name = made.stored()
        made.spec["states"] = {name: {"shape": [], "dtype": "int32"}}
        made.lines.append(f"{name} += 1")
    if made.chance(0.3):
        made.spec["activation"] = "swish"


def _functions(made: Made) -> None:
    for _ in range(made.draw.randrange(3)):
        name, taken, local = made.name(), made.name(), made.name()
        forward = made.draw.choice(
            [
                f"ops.sin({taken})",
                f"{local} = ops.sin({taken})\nreturn {local} * 2",
                f"ops.sin({taken}) * {made.sizes[0]}",
            ]
        )
        function: dict[str, Any] = {"args": [taken], "forward": forward}
        if made.is_class and made.chance():
            own = local if local in forward else taken
            code = made.draw.choice(
                [f"upstream * {taken}", f"d_{taken} = upstream * {own}"]
            )
            function["gradient"] = made.draw.choice(
                ["auto", code, {"code": code, "surrogate": True}]
            )
        made.spec.setdefault("functions", {})[name] = function
        made.terms.append(f"{name}({made.terms[0]})")


def _derived(made: Made) -> None:
    if made.chance(0.3):
        name = made.stored()
        inner = made.name()
        made.spec["derived"] = {
            name: made.draw.choice(
                [
                    f"{made.sizes[0]} * 2",
                    f"[{inner} + 1.0 for {inner} in range({made.sizes[0]})]",
                    f"{made.sizes[1]} + 1",
                ]
            )
        }
        made.lines.append(f"if {name} is None: pass")


def _rules(made: Made) -> None:
    if made.chance(0.2):
        made.spec["require"] = {f"{made.sizes[0]} > 1": "too small"}
    if made.chance(0.2 if made.is_class else 0.03):
        made.spec["mask"] = (
            "pass" if not made.is_class else made.draw.choice(["pass", "stop"])
        )
    if made.chance(0.3):
        units = made.sizes[0]
        shape = made.draw.choice([["batch", units], "any"])
        made.spec["outputs"] = shape
        if made.chance(0.3):
            made.spec["outputs"] = {made.name(): one for one in (shape, "any")}
            made.spec.pop("activation", None)
    if made.chance(0.3):
        local, loop = made.name(), made.name()
        first = made.terms[0]
        made.spec["reference"] = (
            f"{local} = {first}\nfor {loop} in range(2):\n  {local} = {local} + {loop}\n"
            f"if {made.sizes[1]} is None or {made.sizes[0]} is None:\n  pass\n"
            f"return {local}"
        )


def _forward(made: Made) -> None:
    """A block that reads all there is, by way of variables of every sort."""
    lines = made.lines
    made.draw.shuffle(lines)
    local, loop, other = made.name(), made.name(), made.name()
    lines.append(f"{local} = {' + '.join(made.terms)}")
    if made.chance(0.3):
        lines.append(f"for {loop} in range(3): {local} = {local} + {loop}")
    if made.chance(0.3):
        lines.append(f"{other} = lambda {loop}: {loop} + {local}")
        lines.append(f"{local} = {other}({local})")
    if made.chance(0.2):
        lines.append(f"{local} = {local} + sum([{other} for {other} in (1, 2)])")
    if made.chance(0.2):
        lines += [f"def {other}({loop}):", f"  return {loop} * {local}"]
        lines.append(f"{local} = {other}(1.0)")
    if made.chance(0.2) and made.is_class:
        lines.append(f"if training: {local} = random.dropout({local}, 0.5)")
    result = made.draw.choice([local, f"({local}\n  * 2)"])
    if isinstance(made.spec.get("outputs"), dict):
        result = f"{local}, {local}"
    made.spec["forward"] = "\n".join([*lines, f"return {result}"])
