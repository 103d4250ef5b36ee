"""Calls of the spec's functions: what they are given beyond what the spec writes.

A function of the spec reads arguments and derived values by their names, and sizes off the
shapes of its tensors; as a function of the module it has them as further parameters.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from layergen.language.collector import Collector
from layergen.language.model import Function
from layergen.layer.bare import codes
from layergen.layer.facts import Facts
from layergen.layer.once import once
from layergen.layer.read_shapes import sizes_in
from layergen.problems import SpecError
from layergen.source.code import Code
from layergen.source.rewrite import Bind, Extra


@once
def constants(facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """The further parameters of each function, those of the functions that it calls too."""
    found: dict[str, set[str]] = {}
    for function in in_order(facts):
        read = set().union(*(facts.reads(code) for code in codes(function)))
        read -= {*function.args}
        found[function.name] = read & {*facts.args, *facts.derived}
        found[function.name] |= sizes_of(facts, function)
        for called in read & facts.functions.keys():
            found[function.name] |= found[called]
    order = [*facts.args, *facts.derived, *facts.array_axes, *facts.axes, *facts.counts]
    return {name: tuple(sorted(read, key=order.index)) for name, read in found.items()}


def sizes_of(facts: Facts, function: Function) -> set[str]:
    """The names of the sizes that are written in a function."""
    return set().union(*(sizes_in(facts, code) for code in codes(function)))


def as_parameter(facts: Facts, name: str) -> str:
    """What functions of the module call what they read of the layer: a dimension has
    another name there if code of a function uses its name for something else."""
    if name not in {*facts.axes, *facts.array_axes, *facts.counts}:
        return name
    pieces = [code for one in facts.spec.functions for code in codes(one)]
    taken = {arg for one in facts.spec.functions for arg in one.args}
    taken |= {bound for code in pieces for bound, _ in code.names.bound}
    return facts.scope.fresh(name) if name in taken else name


@once
def in_order(facts: Facts) -> tuple[Function, ...]:
    """The functions, each after those that it calls."""
    found: dict[str, Function] = {}
    todo = list(reversed(facts.spec.functions))
    while todo:
        function = todo[-1]
        read = set().union(*map(facts.reads, codes(function)))
        read -= {*function.args, function.name, *found}
        first = [other for name, other in facts.functions.items() if name in read]
        if first and function.name not in found:
            todo += reversed(first)
        else:
            found.setdefault(todo.pop().name, function)
    return tuple(found.values())


def added_arguments(
    facts: Facts,
    bind: Bind,
    hidden: tuple[str, ...] = (),
    bind_list: Bind | None = None,
) -> Extra:
    """What to add to each call, as the surroundings `bind` it, and lists that a function
    takes as such as they `bind_list`.

    `hidden` are names that mean something else where the calls stand.
    """
    known = {k: v for k, v in constants(facts).items() if k not in hidden}

    def added(call: ast.Call) -> tuple[str, ...]:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        lists = facts.lists.kept.get(name, frozenset())
        binds = {
            n: bind_list or bind if n in lists else bind for n in known.get(name, ())
        }
        passed = [(n, how(n)) for n, how in binds.items()]
        named = bool(call.keywords)
        return tuple(
            f"{as_parameter(facts, n)}={text}" if named else text for n, text in passed
        )

    return added


def check_calls(facts: Facts) -> None:
    """Hold calls to what generated functions can take.

    Raises:
        SpecError: With every call that cannot be rendered.
    """
    spec, further = facts.spec, constants(facts)
    collector = Collector(spec.file, spec.text)
    pieces: list[tuple[Code, tuple[str, ...]]] = [(spec.forward, ())]
    if spec.gradient and spec.gradient.code:
        pieces.append((spec.gradient.code, ()))
    for function in spec.functions:
        pieces += [(code, function.args) for code in codes(function)]
        read = {as_parameter(facts, name) for name in further[function.name]}
        if taken := sorted({*function.args} & read):
            message = f"`{function.name}` calls a function that reads `{taken[0]}`, and"
            message += " has a parameter of that name"
            collector.add("LG401", function.place, message, "rename the parameter")
    for code, parameters in pieces:
        for use, call in _uses(facts, code, parameters):
            _check_use(facts, code, use, call, further, collector)
    if collector.problems:
        raise SpecError(collector.problems)


def _uses(
    facts: Facts, code: Code, parameters: tuple[str, ...]
) -> Iterator[tuple[ast.Name, ast.Call | None]]:
    """Where code uses a function, with the call if it is one."""
    calls = {node.func: node for node in code.nodes if isinstance(node, ast.Call)}
    for name in code.names.free:
        if name.id in facts.functions and name.id not in parameters:
            yield name, calls.get(name)


def _check_use(
    facts: Facts,
    code: Code,
    use: ast.Name,
    call: ast.Call | None,
    further: Mapping[str, tuple[str, ...]],
    collector: Collector,
) -> None:
    name, place = use.id, code.place(use)
    function = facts.functions[name]
    if call is None:
        if further[name]:
            message = (
                f"`{name}` reads `{further[name][0]}`, so that it cannot be passed"
            )
            inner = ", ".join(function.args)
            hint = f"pass `lambda {inner}: {name}({inner})`"
            collector.add("LG423", place, f"{message} by its name", hint)
    elif function.gradient:
        for arg in call.args:
            if _is_python(facts, arg):
                message = (
                    f"`{name}` has a gradient, and `{ast.unparse(arg)}` is no tensor"
                )
                hint = "let the function read it by its name, or write it there"
                collector.add("LG423", code.place(arg), message, hint)


def _is_python(facts: Facts, node: ast.expr) -> bool:
    """Whether a value is a number of Python, as far as its text shows."""
    match node:
        case ast.Name(id=name):
            arg = facts.args.get(name)
            return arg is not None and arg.type.is_number
        case ast.UnaryOp(operand=operand):
            return _is_python(facts, operand)
        case ast.BinOp(left=left, right=right):
            return _is_python(facts, left) and _is_python(facts, right)
    return isinstance(node, ast.Constant)
