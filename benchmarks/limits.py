"""How long the worst specs take that the limits still allow, and those just past them.

    python benchmarks/limits.py [NAME...]

Prints for each the seconds to read and to render it, and how it ended.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from layergen import limits
from layergen.lint.check import check_text
from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import render

MANY = limits.DECLARED
HEAD = "layer: Worst\ninputs: [batch, d]\n"
X = HEAD + "forward: "


def lines(count: int, line: str, first: int = 0) -> str:
    return "".join(line.format(i=i, j=i - 1) + "\n" for i in range(first, count))


def block(body: str) -> str:
    return X + "|\n" + "".join(f"  {line}\n" for line in body.splitlines())


def chain(count: int, body: str, last: str = "") -> str:
    functions = "functions:\n  f0: {args: [z], forward: z * z}\n"
    functions += lines(count, "  f{i}: {{args: [z], forward: '" + body + "'}}", 1)
    return HEAD + functions + last + f"forward: f{count - 1}(x)\n"


def automatic(count: int, body: str) -> str:
    last = f"  g: {{args: [z], forward: f{count - 1}(z), gradient: auto}}\n"
    return chain(count, body, last).replace(
        f"forward: f{count - 1}(x)", "forward: g(x)"
    )


def nested(word: str, depth: int) -> str:
    body = "".join("  " * i + word.format(i=i) + "\n" for i in range(depth))
    return block(body + "  " * depth + "x = x + 1\nreturn x\n")


def layers(count: int) -> str:
    head = "import keras\n"
    one = (
        "class L{i}({base}):\n    def __init__(self, **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.a{i} = {i}\n"
        "    def call(self, x):\n        return super().call(x) + self.a{i}\n"
    )
    bases = ["keras.layers.Layer", *(f"L{i}" for i in range(count))]
    return head + "".join(one.format(i=i, base=bases[i]) for i in range(count))


SPECS: dict[str, Callable[[], str]] = {
    "arguments": lambda: X + "x\nargs:\n" + lines(MANY, "  a{i}: int"),
    "arguments in a sum": lambda: X
    + "x * ("
    + " + ".join(f"a{i}" for i in range(90))
    + ")\nargs:\n"
    + lines(MANY, "  a{i}: int = {i}"),
    "dimensions": lambda: "layer: Worst\ninputs:\n"
    + "".join(
        f"  x{i}: [batch, {', '.join(f'd{i}_{k}' for k in range(8))}]\n"
        for i in range(32)
    )
    + "forward: x0\n",
    "inputs": lambda: "layer: Worst\ninputs:\n"
    + lines(MANY, "  x{i}: [batch, d{i}]")
    + "forward: x0\n",
    "weights": lambda: X + "x\nweights:\n" + lines(MANY, "  w{i}: [d]"),
    "states": lambda: X + "x\nstates:\n" + lines(MANY, "  s{i}: [d]"),
    "sublayers": lambda: X + "x\nlayers:\n" + lines(MANY, "  l{i}: Dense({i} + 1)"),
    "derived values": lambda: X
    + f"x * v{MANY - 1}\nderived:\n  v0: 1\n"
    + lines(MANY, "  v{i}: v{j} + v{j} * 0", 1),
    "conditions": lambda: X
    + "x\nargs: {n: int, m: int}\nrequire:\n"
    + lines(MANY, "  n * m > -{i}: no"),
    "conditions that nothing meets": lambda: "layer: Worst\ninputs: [a, b, c, e, f, g]\n"
    "require:\n  a + b + c + e + f + g == 1000: no\nforward: x\n",
    "functions": lambda: chain(MANY, "f{j}(z) + f{j}(z)"),
    "functions, gradient": lambda: automatic(50, "ops.sin(f{j}(z)) * ops.exp(f{j}(z))"),
    "functions, gradient, sums": lambda: automatic(70, "f{j}(z) + z * f{j}(z)"),
    "functions of functions": lambda: automatic(40, "f{j}(f{j}(z))"),
    "a long formula": lambda: X
    + "g(x)\nfunctions:\n  g: {args: [z], gradient: auto, forward: '"
    + " + ".join(f"ops.sin(z * {i}) * ops.exp(z)" for i in range(1, 90))
    + "'}\n",
    "a formula of many tensors": lambda: X
    + f"g({', '.join(['x'] * 40)})\nfunctions:\n  g: {{gradient: auto, args: ["
    + ", ".join(f"a{i}" for i in range(40))
    + "], forward: '"
    + " * ".join(f"ops.sin(a{i})" for i in range(40))
    + "'}\n",
    "nested loops": lambda: nested("for i{i} in range(2):", limits.BLOCKS),
    "nested branches": lambda: "args: {n: int}\n"
    + nested("if n > {i}:", limits.BLOCKS),
    "too many nested loops": lambda: nested("for i{i} in range(2):", limits.BLOCKS + 1),
    "other branches": lambda: "args: {n: int}\n"
    + block(
        "if n > 1:\n  x = x + 1\n"
        + lines(90, "elif n > {i}:\n  x = x + {i}", 2)
        + "return x\n"
    ),
    "a long block": lambda: block(
        lines(limits.LINES - 1, "x = x * 2 + d") + "return x"
    ),
    "many local names": lambda: block(
        "y0 = x\n" + lines(limits.LINES - 2, "y{i} = y{j} + 1", 1) + "return y900"
    ),
    "a long line": lambda: X + "ops.stack([" + ", ".join(["x + d"] * 6_000) + "])",
    "a long sum": lambda: X + " + ".join(["x"] * 95),
    "too long a sum": lambda: X + " + ".join(["x"] * 5_000),
    "local functions": lambda: block(
        lines(300, "def f{i}(a):\n  return a + {i}") + "return f0(x)"
    ),
    "loops in a loop": lambda: X
    + "x * v\nderived:\n  v: '[[i * j for j in range(4096)] for i in range(4096)]'\n",
    "nested lists": lambda: X
    + "x * v\nderived:\n  v: '[[[[0]*4096]*4096]*4096]*4096'\n",
    "just enough steps": lambda: X
    + "x * v\nderived:\n  v: sum([i * 2 for i in range(15000)])\n",
    "unknown keys": lambda: X + "x\n" + lines(50_000, "unknown_key_{i}: 1"),
    "unknown keys of arguments": lambda: X
    + "x\nargs:\n"
    + lines(
        250,
        "  a{i}: {{type: int, " + ", ".join(f"kay{k}: 1" for k in range(300)) + "}}",
    ),
    "unknown names": lambda: block(
        lines(900, "y = unknown{i} + unknowm{i}") + "return y"
    ),
    "unknown layers": lambda: X
    + "x\nlayers:\n"
    + lines(MANY, "  l{i}: TimeDistributed(" + "Dens{i}e(" * 90 + ")" * 91),
    "brackets": lambda: "a: " + "[" * 500_000,
    "a list": lambda: X + "x\nexample: {d: [" + "1, " * 300_000 + "]}\n",
    "an Array": lambda: X
    + "x\nargs: {a: Array}\nexample:\n  a: ["
    + ", ".join(["[" + ", ".join(["1"] * 300) + "]"] * 900)
    + "]\n",
    "text": lambda: X + "x\ndoc: |\n" + "  many words of prose\n" * 45_000,
    "one long word": lambda: X + "x\ndoc: " + "w" * 1_000_000,
    "folded code": lambda: X + "\n" + "  x +\n" * 900 + "  x\n",
}
MODULES = {
    "400 classes in a chain": lambda: layers(400),
    "4,000 classes in a chain": lambda: layers(4_000),
    "nested loops in call": lambda: "import keras\nclass A(keras.layers.Layer):\n"
    "  def call(self, x):\n"
    + "".join("    " + " " * i + f"for i{i} in range(2):\n" for i in range(60))
    + "    "
    + " " * 60
    + "x = x + 1\n    return x\n",
}


def spec_row(text: str) -> tuple[float, float, str]:
    start = time.process_time()
    reading = read_spec(text, "worst.yaml")
    read = time.process_time()
    how = f"{len(reading.problems):,} problems" if reading.spec is None else "rendered"
    if reading.spec is not None:
        try:
            render(reading.spec)
        except SpecError as error:
            how = f"{error.problems[0].code} in rendering"
    return read - start, time.process_time() - read, how


def module_row(text: str) -> tuple[float, float, str]:
    start = time.process_time()
    problems = check_text(text, "worst.py")
    return time.process_time() - start, 0.0, f"{len(problems):,} problems"


def main() -> None:
    wanted = sys.argv[1:]
    render_first = read_spec(X + "x\n", "first.yaml").spec
    assert render_first is not None
    render(render_first)
    print("| input | KiB | read, s | render, s | |\n| --- | --- | --- | --- | --- |")
    for table, row in ((SPECS, spec_row), (MODULES, module_row)):
        for name, make in table.items():
            if not wanted or any(word in name for word in wanted):
                text = make()
                read, rendered, how = row(text)
                size = len(text) // 1024
                print(
                    f"| {name} | {size} | {read:.2f} | {rendered:.2f} | {how} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
