"""How `build` builds the sublayers, and the layers that come as arguments.

Where the shapes that they are called on are expressions of the inputs' shapes, each is
built by its own; in a loop that hands a tensor on, one after the other. Where they are not,
`build` lets Keras go through `call` with symbolic tensors.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Generator, Iterator

from layergen.forward.shapes import Carried, Made, Several
from layergen.language import dims
from layergen.layer.buildings import Building, Chained, Single
from layergen.layer.cell import is_cell
from layergen.layer.facts import Facts
from layergen.layer.joined import together
from layergen.layer.shape_code import ShapeCode
from layergen.layer.tracing import ways
from layergen.source.literals import literal
from layergen.source.statements import Assign, Branch, Each, Run, Statement


def build_layers(facts: Facts) -> Iterator[Statement]:
    """The statements that build every layer which this one holds."""
    if not facts.sublayers and not facts.given_layers:
        return
    found = facts.buildings
    if found.whole:
        yield from _by_shapes(facts, found.steps)
        return
    # Where it branches, `call` may never come to these.
    branches = any(isinstance(n, (ast.If, ast.IfExp)) for n in facts.spec.forward.nodes)
    steps = found.steps if branches else ()
    alone = tuple(one for one in steps if isinstance(one, Single))
    yield from _by_shapes(facts, alone)
    yield from _through_call(facts, {one.name for one in alone} | found.needless)


def _by_shapes(facts: Facts, found: tuple[Building, ...]) -> Iterator[Statement]:
    code, made = ShapeCode(facts), _made(found)
    for one in found:
        if isinstance(one, Single):
            yield from _single(facts, one, code)
            kept, code = _held(facts, one, code, made)
            yield from kept
        else:
            code = yield from _chained(facts, one, code, made)


def _made(found: tuple[Building, ...]) -> Counter[Made]:
    """How often code asks for the shape that a sublayer makes of another."""
    asked: Counter[Made] = Counter()
    todo = [shape for one in found for step in one.steps for shape in step.shapes]
    todo += [one.chain.start for one in found if isinstance(one, Chained)]
    todo += [one.chain.after for one in found if isinstance(one, Chained)]
    while todo:
        shape = todo.pop()
        if isinstance(shape, Made):
            asked[shape] += 1
            todo += shape.given
        elif isinstance(shape, Several):
            todo += shape.shapes
    return asked


def _held(
    facts: Facts, building: Single, code: ShapeCode, made: Counter[Made]
) -> tuple[list[Statement], ShapeCode]:
    """Keep in a variable what a layer makes of shapes, where it is asked for again."""
    result = Made(building.name, building.shapes, bool(building.one))
    if made[result] < 2:
        return [], code
    name = facts.scope.fresh(f"{building.one or building.name}_shape")
    return [Assign(name, code.text(result))], code.holding(result, name)


def _single(facts: Facts, building: Single, code: ShapeCode) -> Iterator[Statement]:
    """Build one layer, or each of a list alike."""
    if not building.one:
        yield _guarded(facts, building.name, _build(building, code))
        return
    one = _free(facts, building.one)
    run = _build(building, code.calling({building.name: one}))
    yield Each(one, f"self.{building.name}", (run,))


def _build(building: Single, code: ShapeCode) -> Run:
    layer = code.layer(building.name, bool(building.one))
    return Run(f"{layer}.build({', '.join(map(code.text, building.shapes))})")


def _guarded(facts: Facts, name: str, run: Run) -> Statement:
    """Build a layer that may be missing, or built already."""
    conditions = [facts.is_there(name)] if facts.may_be_missing(name) else []
    if name in facts.args:
        conditions.append(f"not self.{name}.built")
    return Branch(" and ".join(conditions), (run,)) if conditions else run


def _chained(
    facts: Facts, building: Chained, code: ShapeCode, made: Counter[Made]
) -> Generator[Statement, None, ShapeCode]:
    """Build the layers of a loop one after the other."""
    chain = building.chain
    following = facts.scope.fresh(f"{chain.name}_shape")
    begin = code.text(chain.start)
    if begin != following:
        yield Assign(following, begin)
    code = code.holding(Carried(chain.name, chain.loop), following)
    ones = {many: _free(facts, one) for one, many in building.lists.items()}
    inner = code.calling(ones)
    body: list[Statement] = []
    for step in building.steps:
        body.append(_build(step, inner))
        kept, inner = _held(facts, step, inner, made)
        body += kept
    body.append(Assign(following, inner.text(chain.after)))
    over = ", ".join(f"self.{many}" for many in ones)
    if len(ones) > 1:
        over = f"zip({over}, strict=True)"
    yield Each(", ".join(ones.values()), over, tuple(body))
    return code


def _free(facts: Facts, name: str) -> str:
    """What `build` calls a layer of a list, after what `forward` calls it."""
    taken = {*facts.shape_names, *facts.pinned, *facts.counts}
    return facts.scope.fresh(name) if name in taken else name


def _through_call(facts: Facts, built: Collection[str]) -> Iterator[Statement]:
    """Let Keras go through `call` with symbolic tensors of the shapes at hand, where some
    sublayers are `built`."""
    made = [_symbolic(facts, tensor.name) for tensor in facts.spec.inputs]
    first, *others = together(facts, made)
    names = [tensor.name for tensor in facts.spec.inputs[1:]]
    named = [f"{name}={text}" for name, text in zip(names, others, strict=False)]
    if is_cell(facts):
        named.append(f"states={_states(facts)}")
    traces = []
    for way in ways(facts, built):
        further = [f"{name}={literal(value)}" for name, value in way.items()]
        arguments = ", ".join(["self", first, *named, *further])
        traces.append(Run(f"keras.Operation.compute_output_spec({arguments})"))
    traces[0] = Run(f"# Builds the sublayers as `call` uses them.\n{traces[0].text}")
    if facts.sublayers:
        yield from traces
        return
    conditions = [_unbuilt(facts, name) for name in facts.given_layers]
    if len(conditions) > 1:
        conditions = [f"({c})" if " and " in c else c for c in conditions]
    yield Branch(" or ".join(conditions), tuple(traces))


def _unbuilt(facts: Facts, name: str) -> str:
    there = f"{facts.is_there(name)} and " if facts.may_be_missing(name) else ""
    return f"{there}not self.{name}.built"


def _symbolic(facts: Facts, name: str) -> str:
    """A symbolic tensor for an input, or a list of them."""
    tensor, shape = facts.inputs[name], facts.shape_name(name)
    dtype = literal(tensor.dtype) if tensor.dtype else "self.compute_dtype"
    if tensor.many:
        one = facts.scope.fresh("shape")
        return f"[keras.KerasTensor({one}, dtype={dtype}) for {one} in {shape}]"
    made = f"keras.KerasTensor({shape}, dtype={dtype})"
    return f"None if {shape} is None else {made}" if tensor.optional else made


def _states(facts: Facts) -> str:
    """Symbolic tensors for the states of a cell."""
    code = ShapeCode(facts)
    shapes = [
        (None, *map(facts.environment.size, dims.sizes(one.shape)))
        for one in facts.spec.states
    ]
    made = [
        f"keras.KerasTensor({code.text(shape)}, dtype=self.compute_dtype)"
        for shape in shapes
    ]
    return f"[{', '.join(made)}]"
