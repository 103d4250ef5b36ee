"""Sizes and argument values to try a layer with.

What the spec's `example` leaves out is chosen here: small, different from one another
so that a swapped axis shows, and such that every requirement of the spec is met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from layergen.example.search import Search, with_derived
from layergen.example.shares import leaves_a_rest
from layergen.language.along import as_axes, axis_arguments, positions
from layergen.language.axes import Along, Rest, Shape
from layergen.language.chosen import ChosenAxis, chosen_axes
from layergen.language.evaluate import Budget, Failed, Unknown, evaluate
from layergen.language.lookup import Lookup
from layergen.language.model import Arg
from layergen.language.uses import tensors_read
from layergen.source.code import Code, Size

BATCH = 2
AXIS_SIZES = (3, 5, 4, 6, 8, 9, 10, 12, 2, 1, 14, 15, 16, 18, 20, 24)
WIDE_SIZES = (9, 8, 10, 12)
"""Sizes of axes that a window moves over, tried before others."""
STEP_SIZES = (4, 5, 6)
"""Sizes of axes between the first and the last, such as time, tried before others."""
INT_VALUES = (7, 4, 6, 8, 5, 3, 2, 1, 0, 9, 10, 12, 14, 15, 16, 18, 20, 24, -1)
REST_SIZES = (5, 4, 6, 8, 9, 10, 11, 12)
UNNAMED_SIZES = (6, 9, 11, 13, 17, 19, 23, 29)
CANDIDATES = 20
LARGEST = 256
NO_AXES = ()
"""What stands for axes that are none of the first input."""
FIRST_SHAPE = "first.shape"
"""What stands for the shape of the first input, whatever that is called."""
ARRAY_SHAPE = (4, 3)
ANY_SHAPE = (2, 3)
"""The shape that stands for an input of any rank."""


class Sizes(Struct, frozen=True):
    """Values of a spec's names, and the sizes of the axes that `...` stands for.

    `values` holds dimensions, arguments with a literal value as code reads them, the
    derived values that follow, the shape of each input as `x.shape`, and as `len(x)` how
    many of a list of tensors forward reads, where it reads them one by one. `given` holds
    the arguments that are given otherwise than code reads them.
    """

    values: Mapping[str, Any]
    rest: tuple[int, ...]
    given: Mapping[str, Any] = {}

    def shape(
        self, shape: Shape, budget: Budget | None = None
    ) -> tuple[int, ...] | None:
        """The concrete shape, or None for `any`.

        Raises:
            Unknown: If a size rests on a value that is not known.
        """
        if shape.dims is None:
            return None
        found: list[int] = []
        for dim in shape.dims:
            if isinstance(dim, Rest):
                found += self.rest
            elif isinstance(dim, Along):
                found += self._along(dim)
            elif isinstance(dim, Size):
                size = evaluate(dim.tree, self.values, budget)
                if type(size) is not int:
                    raise Unknown(dim.text)
                found.append(size)
            else:
                taken = {*found, *self.rest, *self._numbers}
                found.append(next(size for size in UNNAMED_SIZES if size not in taken))
        return tuple(found)

    def known(self, shape: Shape) -> tuple[int, ...] | None:
        """The concrete shape, None where a size of it cannot be told, or is none."""
        try:
            found = self.shape(shape)
        except Unknown:
            return None
        return None if found and min(found) < 0 else found

    def holds(self, condition: Code, budget: Budget | None = None) -> bool | None:
        """Whether a condition holds; None where that cannot be worked out.

        One that fails with these values, by a division by zero, does not hold.
        """
        try:
            return bool(evaluate(condition.expression, self.values, budget))
        except Failed:
            return False
        except Unknown:
            return None

    def fails(self, code: Code, budget: Budget | None = None) -> bool:
        """Whether computing an expression fails with these values."""
        try:
            evaluate(code.expression, self.values, budget)
        except Failed:
            return True
        except Unknown:
            pass
        return False

    def _along(self, dim: Along) -> Iterator[int]:
        """The sizes of the axes that an argument chooses."""
        axes, shapes = self.values.get(dim.argument), self.axis_shape
        if not as_axes(axes) or shapes is None:
            raise Unknown(dim.argument)
        yield from (shapes[axis] for axis in as_axes(axes))

    @property
    def axis_shape(self) -> tuple[int, ...] | None:
        """The shape of the input whose axes arguments choose."""
        return self.values.get(FIRST_SHAPE)

    @property
    def _numbers(self) -> set[int]:
        return {value for value in self.values.values() if type(value) is int}


def find_sizes(
    lookup: Lookup, fixed: Mapping[str, Any], rest: int | None
) -> Sizes | None:
    """Values for every dimension and required argument, or None where none are found.

    `fixed` holds what is given; `rest` is the number of axes that `...` is to stand for.
    Of the first values that serve those are best with which no output is empty, no
    window is larger than what it moves over, and what is shared out leaves no rest.
    """
    serve = islice(_that_serve(lookup, fixed, rest), CANDIDATES)
    first = next(serve, None)
    if first is None or suits(lookup, first):
        return first
    return next((one for one in serve if suits(lookup, one)), first)


def suits(lookup: Lookup, sizes: Sizes) -> bool:
    """Whether values show what a layer does."""
    fit = all(one.fits(sizes.values) for one in lookup.windows)
    rest = leaves_a_rest(lookup, sizes.values)
    return fit and not rest and _shows_outputs(lookup, sizes)


def _that_serve(
    lookup: Lookup, fixed: Mapping[str, Any], rest: int | None
) -> Iterator[Sizes]:
    """Values with which a layer can be made and called."""
    given, named, lists, free = _given(lookup, fixed)
    taken = {value for value in named.values() if type(value) is int}
    search = Search(lookup, named)
    for distinct in (True, False):
        for chosen in search.assignments(free, distinct):
            numbers = taken | set(chosen.values())
            spare = [size for size in REST_SIZES if size not in numbers]
            shown = tuple(lists[0]) if lists else _rest(lookup, rest, spare)
            found = _completed(lookup, {**named, **chosen}, shown, search.budget)
            if _is_valid(lookup, found, search.budget):
                yield replace(found, given=given)


def candidates(lookup: Lookup, fixed: Mapping[str, Any]) -> Iterator[Sizes]:
    """Values to look at where there are none that meet every requirement."""
    _, named, lists, free = _given(lookup, fixed)
    shown = tuple(lists[0]) if lists else _rest(lookup, None, [*REST_SIZES])
    for shift in range(CANDIDATES if all(free.values()) else 0):
        chosen = {
            name: domain[(shift + place) % len(domain)]
            for place, (name, domain) in enumerate(free.items())
        }
        yield _completed(lookup, {**named, **chosen}, shown, Budget())


def _given(
    lookup: Lookup, fixed: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], list[Any], dict[str, tuple[int, ...]]]:
    """The values that are given, as they are and as code reads them, those of `...` among
    the latter, and the numbers to try for each other name."""
    given = {**_defaults(lookup), **_plain_values(lookup), **fixed}
    named = {
        name: lookup.args[name].type.used(value) if name in lookup.args else value
        for name, value in given.items()
    }
    axes = axis_arguments(lookup.spec)
    given = {
        name: value
        for name, value in given.items()
        if named[name] is not value or name in axes
    }
    lists = [named.pop(name) for name in lookup.rests if name in named]
    larger = tuple(_multiples(named))
    free = {
        name: (*tried, *(size for size in larger if size not in tried))
        for name, tried in _domains(lookup).items()
        if name not in named
    }
    return given, named, lists, free


def _multiples(named: Mapping[str, Any]) -> Iterator[int]:
    """Numbers that fit what is given: a requirement may ask for its multiples."""
    given = {value for value in named.values() if type(value) is int}
    for factor in (1, 2, 3):
        for value in sorted(given):
            if 0 < value * factor <= LARGEST:
                yield value * factor


def _rest(lookup: Lookup, count: int | None, spare: list[int]) -> tuple[int, ...]:
    """Sizes for `...`; the first one is a batch where the shape begins with it.

    A layer that comes as an argument may want an axis that it can work on.
    """
    begins = lookup.first.shape.rest == 0
    if not begins:
        wanted = int(any(arg.type.is_layer for arg in lookup.spec.args))
        return tuple(spare[: wanted if count is None else count])
    least = max(1, 2 - len(lookup.first.shape.axes))
    return (BATCH, *spare[: (count or least) - 1])


def _domains(lookup: Lookup) -> dict[str, tuple[int, ...]]:
    """The names that need a number, with the numbers to try in order."""
    axes = (*lookup.axes, *lookup.counts, *lookup.array_axes)
    wide = {name for one in lookup.windows for name in one.names}
    dims = [tensor.shape.dims or () for tensor in lookup.spec.inputs]
    between = {str(dim) for found in dims for dim in found[1:-1]}
    found: dict[str, tuple[int, ...]] = {
        name: (
            *((BATCH,) if name == "batch" else ()),
            *(WIDE_SIZES if name in wide else ()),
            *(STEP_SIZES if name in between else ()),
            *AXIS_SIZES,
        )
        for name in axes
    }
    for arg in lookup.spec.args:
        if arg.required and arg.type.is_size:
            bounds = lookup.bounds(arg)
            usual = tuple(filter(bounds.admits, INT_VALUES))
            found[arg.name] = usual or bounds.inside()
    return found


def _completed(
    lookup: Lookup, values: dict[str, Any], rest: tuple[int, ...], budget: Budget
) -> Sizes:
    known = values
    for _ in range(2):  # A shape may rest on a derived value, and one on a shape.
        known = dict(with_derived(lookup.spec.derived, known, budget))
        for arg in lookup.spec.args:
            if arg.type.is_tensor:
                known[f"{arg.name}.shape"] = array_shape(
                    lookup, arg, Sizes(known, rest), budget
                )
        for name, tensor in lookup.inputs.items():
            try:
                known[f"{name}.shape"] = Sizes(known, rest).shape(tensor.shape, budget)
            except Unknown:
                continue
    known |= dict(_positions(lookup, known))
    for tensor in lookup.spec.inputs:
        if count := tensors_read(lookup.spec.forward, tensor.name):
            known[f"len({tensor.name})"] = count
    return Sizes(dict(with_derived(lookup.spec.derived, known, budget)), rest)


def _positions(lookup: Lookup, known: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The shape of the first input, and the axes of it that arguments choose."""
    shape = known.get(f"{lookup.first.name}.shape")
    args = axis_arguments(lookup.spec)
    if lookup.first.shape.dims is None:
        shape = ANY_SHAPE
    if shape is None or not args:
        return
    yield FIRST_SHAPE, shape
    for name, arg in args.items():
        if known.get(name) is not None:
            found = positions(arg, known[name], len(shape))
            yield name, NO_AXES if found is None else found


def array_shape(
    lookup: Lookup, arg: Arg, sizes: Sizes, budget: Budget | None = None
) -> tuple[int, ...]:
    """The shape of the array that stands for an argument."""
    given = dict(lookup.spec.example).get(arg.name)
    if given is None:
        try:
            stated = sizes.shape(arg.shape, budget) if arg.shape else None
        except Unknown:
            stated = None
        return stated or ARRAY_SHAPE
    shape: list[int] = []
    while isinstance(given, list):
        shape.append(len(given))
        given = given[0] if given else None
    return tuple(shape)


def _is_valid(lookup: Lookup, sizes: Sizes, budget: Budget) -> bool:
    """Whether the values meet every requirement and give every axis a size."""
    spec = lookup.spec
    if any(sizes.holds(r.condition, budget) is False for r in spec.require):
        return False
    if any(sizes.fails(one.code, budget) for one in spec.derived):
        return False
    if any(_is_batch(lookup, one, sizes) for one in chosen_axes(spec)):
        return False
    if any(_is_no_axis(lookup, name, sizes) for name in axis_arguments(spec)):
        return False
    shapes = [tensor.shape for tensor in spec.inputs]
    shapes += [output.shape for output in spec.outputs or ()]
    absent = [
        w for w in spec.weights if w.when and sizes.holds(w.when, budget) is False
    ]
    shapes += [weight.shape for weight in spec.weights if weight not in absent]
    shapes += [state.shape for state in spec.states]
    try:
        given = [sizes.shape(shape, budget) for shape in shapes]
    except Unknown:
        return False
    return budget.left > 0 and all(min(one or (1,), default=1) >= 1 for one in given)


def _is_no_axis(lookup: Lookup, name: str, sizes: Sizes) -> bool:
    """Whether what an argument chooses is no axis, or the batch."""
    given = sizes.values.get(name)
    [first, *_] = lookup.first.shape.dims or ("",)
    return given == NO_AXES or (str(first) == "batch" and 0 in as_axes(given))


def _is_batch(lookup: Lookup, chosen: ChosenAxis, sizes: Sizes) -> bool:
    """Whether an axis that arguments choose is the batch, of which nothing rests on."""
    shape = sizes.values.get(f"{chosen.tensor}.shape")
    [first, *_] = lookup.first.shape.dims or ("",)
    if str(first) != "batch" or not shape:
        return False
    try:
        axis = evaluate(chosen.axis.expression, sizes.values)
    except Unknown:
        return False
    return bool(axis % len(shape) == 0)


def _shows_outputs(lookup: Lookup, sizes: Sizes) -> bool:
    """Whether no output is empty, as far as that is known."""
    shapes = [output.shape for output in lookup.outputs or ()]
    known = (sizes.known(shape) for shape in shapes if shape.is_stated)
    return all(shape is not None and 0 not in shape for shape in known)


def _defaults(lookup: Lookup) -> dict[str, Any]:
    return {
        arg.name: arg.default
        for arg in lookup.spec.args
        if not arg.required and not isinstance(arg.default, Code)
    }


def _plain_values(lookup: Lookup) -> dict[str, Any]:
    """Values of the required arguments that are neither sizes nor objects."""
    found: dict[str, Any] = {}
    for arg in lookup.spec.args:
        if arg.required and not arg.type.is_size:
            value = arg.type.example(lookup.bounds(arg))
            if arg.axis_of:
                value = -1 if arg.type.takes(-1, arg.bounds) else [-1]
            if value is not None:
                found[arg.name] = value
    return found
