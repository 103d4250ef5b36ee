"""Random names in every role of a spec: refused with a place, or code that holds.

    python benchmarks/fuzz/names.py [COUNT] [SEED]

What renders must compile, import where stubs stand for Keras, read no name that nobody
has bound (by the compiler's own symbol table and by following every path), and give no
name of the user's another value than his. Prints what fails, and how many there were.
"""

from __future__ import annotations

import ast
import builtins
import random
import symtable
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz.specs import spec_text
from fuzz.stub import in_place
from layergen.forward.bound import bound
from layergen.forward.vocabulary import kinds
from layergen.language.model import Spec
from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import laid_out
from layergen.source.scopes import names_of, parameters

REFUSED, RENDERED = "refused", "rendered"


def outcome(text: str) -> str:
    """What becomes of a spec.

    Raises:
        AssertionError: If it renders to code that does not hold.
    """
    reading = read_spec(text, "made.yaml")
    if reading.spec is None:
        assert any(not problem.is_warning for problem in reading.problems)
        return REFUSED
    try:
        files = laid_out(reading.spec)
    except SpecError:
        return REFUSED
    for code in files.values():
        compile(code, "made.py", "exec")
        found = faults(code, reading.spec)
        assert not found, f"{found}\n{code}"
    with in_place({name.removesuffix(".py"): code for name, code in files.items()}):
        return RENDERED


def faults(code: str, spec: Spec) -> list[str]:
    """What is wrong with the names of a module."""
    found = [*_unbound(code), *_unsure(code), *_overwritten(code, spec)]
    return [*found, *_hidden_in_tests(code), *_hidden_in_functions(code)]


def _unbound(code: str) -> Iterator[str]:
    """The names that are read as globals and are none."""
    table = symtable.symtable(code, "made.py", "exec")
    # Python lists `__class__` wherever something is called `super`.
    known = {
        "__class__",
        *dir(builtins),
        *(s.get_name() for s in table.get_symbols() if _binds(s)),
    }
    todo = [table]
    while todo:
        scope = todo.pop()
        todo += scope.get_children()
        for symbol in scope.get_symbols():
            outside = symbol.is_global() or scope is table
            if outside and symbol.is_referenced() and symbol.get_name() not in known:
                yield f"`{symbol.get_name()}` is unbound in {scope.get_name()}"


def _binds(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()


def _functions(code: str) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(code)
    yield from (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))


def _unsure(code: str) -> Iterator[str]:
    """The local names that are read before they have a value."""
    for function in _functions(code):
        start = {one.arg for one in parameters(function)}
        for name in bound(function.body, start, lambda iterable: True).unsure:
            yield f"`{name.id}` may have no value in {function.name}"


def _overwritten(code: str, spec: Spec) -> Iterator[str]:
    """The names of the spec that generated code itself gives a second value."""
    own = _bound_by_user(spec)
    users = {*kinds(spec)} - own
    for function in _functions(code):
        if _is_fixed(function):
            continue
        if function.name in ("__init__", spec.stem):
            # These become the objects or tensors that they stand for.
            free = {one.name for one in (*spec.args, *spec.derived)} | {
                one.arg for one in parameters(function) if one.arg.endswith("izer")
            }
        elif function.name in {one.name for one in spec.methods}:
            inputs = (tensor for one in spec.methods for tensor in one.inputs)
            free = {one.name for one in (*inputs, *spec.weights)}
        else:
            free = {one.name for one in spec.scalars}
        stored = Counter(
            name for statement in function.body for name in _stores(statement)
        )
        stored.update(one.arg for one in parameters(function))
        for name in users - free:
            if stored[name] > 1:
                yield f"`{name}` gets another value in {function.name}"
    parts = [part for part in ast.parse(code).body if not _is_fixed(part)]
    for node in (node for part in parts for node in ast.walk(part)):
        if isinstance(node, ast.comprehension):
            targets = [n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)]
            if len(targets) > len({*targets}):
                yield f"{targets} in one loop"
            if {*targets} & users:
                yield f"a loop hides {sorted({*targets} & users)}"


def _hidden_in_tests(code: str) -> Iterator[str]:
    """The values that tests take by a name that means something else there."""
    tree = ast.parse(code)
    imports = [s for s in tree.body if isinstance(s, ast.Import | ast.ImportFrom)]
    around = names_of([*imports]).local
    for function in _functions(code):
        taken = {one.arg for one in parameters(function)}
        stored = names_of(function.body).local
        if function.name == "test_contract":
            continue
        if function.name.startswith("test_") and (hidden := taken & (around | stored)):
            yield f"{sorted(hidden)} in {function.name}"


def _hidden_in_functions(code: str) -> Iterator[str]:
    """The parameters that a function made inside of another one takes the name of."""
    for function in _functions(code):
        taken = {one.arg for one in parameters(function)}
        for inner in function.body:
            if isinstance(inner, ast.FunctionDef):
                rest = [inner.args.vararg.arg] if inner.args.vararg else []
                if hidden := taken & {inner.name, *rest}:
                    yield f"{sorted(hidden)} in {inner.name}"


def _is_fixed(node: ast.stmt) -> bool:
    """Whether a function is the template's own, without any name of the spec in it."""
    name = getattr(node, "name", "")
    return name in ("from_config", "assert_close") or name.startswith("test_")


def _stores(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement of a function stores, not those of functions inside."""
    yield from names_of([statement]).local if not _is_block(statement) else ()
    for field in ("body", "orelse") if _is_block(statement) else ():
        for inner in getattr(statement, field, []):
            yield from _stores(inner)
    if isinstance(statement, ast.For):
        yield from (n.id for n in ast.walk(statement.target) if isinstance(n, ast.Name))


def _is_block(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If | ast.For | ast.While | ast.With)


def _bound_by_user(spec: Spec) -> set[str]:
    """The names to which the spec's own code gives values."""
    pieces = [spec.forward, *(derived.code for derived in spec.derived)]
    pieces += [spec.reference] if spec.reference else []
    pieces += [function.forward for function in spec.functions]
    pieces += [
        f.gradient.code for f in spec.functions if f.gradient and f.gradient.code
    ]
    found = {name for code in pieces for name, _ in code.names.bound}
    for layer in spec.layers:
        found |= {*layer.loop.target.split(", ")} if layer.loop else set()
    return found


def main(count: int = 1000, seed: int = 0) -> int:
    """Try as many specs; the number of those that fail."""
    counts: Counter[str] = Counter()
    for number in range(count):
        text = spec_text(random.Random(f"{seed} {number}"))
        try:
            counts[outcome(text)] += 1
        except Exception as error:
            counts["failed"] += 1
            where = traceback.format_exc(limit=-2) if counts["failed"] < 20 else ""
            print(
                f"--- {number}: {str(error).splitlines()[:1]}\n{text}{where}",
                flush=True,
            )
    print(f"{count} specs with seed {seed}: {dict(counts)}")
    return counts["failed"]


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:3])) else 0)
