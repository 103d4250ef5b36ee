"""What an expression of a spec's code may be, as far as that can be told without running it.

Values are frozen and compared by what they say. `UNKNOWN` may be anything at all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import reduce
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from layergen.forward import shapes
from layergen.forward.late import Late
from layergen.forward.shapes import Shape
from layergen.forward.sizes import Poly, Size
from layergen.keras_tables import dtypes

NOWHERE: frozenset[str] = frozenset()

ITEMS = 2_000
"""Of lists that are looked at one by one."""

COMPUTE = "compute"
"""The dtype that the layer computes in."""
DEFAULT = "default"
"""The dtype of floats that Keras chooses where nothing else does."""
OPEN = "unknown"


class Unknown(Struct, frozen=True):
    """Anything."""

    through: frozenset[str] = NOWHERE


UNKNOWN = Unknown()


class Number(Struct, frozen=True):
    """A number of Python's: `type` is `int`, `float` or `bool`, or "" for any of them.

    `value` is what is known of it; a size of an axis is a `Poly`. What is `late` may be a
    tensor: a size, where an axis is unknown until the layer runs, what loops count, and
    what is made of such.
    """

    type: str
    value: int | float | bool | Poly | None = None
    late: Late = Late.NEVER

    @property
    def size(self) -> Size | None:
        """The integer that it is, if that is known."""
        if self.type == "int" and isinstance(self.value, (int, Poly)):
            return self.value
        return None


class Text(Struct, frozen=True):
    """A string."""

    value: str | None = None


class DType(Struct, frozen=True):
    """The dtype of a tensor."""

    name: str


class Tensor(Struct, frozen=True):
    """A tensor, that changes smoothly with the names in `through`.

    `origins` are the calls that made it in Keras' default dtype and could be given
    another.
    """

    shape: Shape
    dtype: str
    through: frozenset[str] = NOWHERE
    origins: frozenset[ast.Call] = frozenset()


class Items(Struct, frozen=True):
    """A list or tuple of which every item is known; `REST` stands for the sizes of `...`,
    which may be tensors where they are `late`."""

    items: tuple[Any, ...]
    late: Late = Late.NEVER


class Many(Struct, frozen=True):
    """Something to go over: `length` items like `element`. `some`: there is at least one."""

    element: Value
    length: Size | None = None
    some: bool = False


class RestAxes(Struct, frozen=True):
    """The positions of the axes that `...` stands for, which begin at `first`."""

    first: int


class Layer(Struct, frozen=True):
    """A sublayer, or any one of the list of this name."""

    name: str
    listed: bool = False


class Function(Struct, frozen=True):
    """A function of the code itself; `frame` has the names around it."""

    node: ast.FunctionDef | ast.Lambda
    frame: Any


class SpecFunction(Struct, frozen=True):
    """One of the spec's functions."""

    name: str


class Module(Struct, frozen=True):
    """A module or what it has, by its full name."""

    path: str


class Nothing(Struct, frozen=True):
    """`None`."""


class Maybe(Struct, frozen=True):
    """A value or None."""

    value: Value


class Either(Struct, frozen=True):
    """One of several values of Python's, such as a text or a number."""

    values: tuple[Value, ...]


Value = (
    Unknown
    | Number
    | Text
    | DType
    | Tensor
    | Items
    | Many
    | RestAxes
    | Layer
    | Function
    | SpecFunction
    | Module
    | Nothing
    | Maybe
    | Either
)


def joined(one: Value, other: Value) -> Value:
    """What holds of a value that is one of two."""
    if one == other:
        return one
    match one, other:
        case Nothing(), _:
            return maybe(other)
        case _, Nothing():
            return maybe(one)
        case Maybe(), _:
            return maybe(joined(one.value, there(other)))
        case _, Maybe():
            return maybe(joined(one, other.value))
        case Number(), Number():
            return _number(one, other)
        case Tensor(), Tensor():
            return Tensor(
                shapes.joined(one.shape, other.shape),
                one.dtype if one.dtype == other.dtype else OPEN,
                one.through | other.through,
                one.origins | other.origins,
            )
        case Items(), Items() if len(one.items) == len(other.items):
            pairs = zip(one.items, other.items, strict=True)
            if all((a is shapes.REST) == (b is shapes.REST) for a, b in pairs):
                pairs = zip(one.items, other.items, strict=True)
                both = (a if a is shapes.REST else joined(a, b) for a, b in pairs)
                return Items(tuple(both), max(one.late, other.late))
        case Text(), Text():
            return Text()
        case DType(), DType():
            return DType(OPEN)
    left, right = listed(one), listed(other)
    if left and right:
        length = left.length if left.length == right.length else None
        element = joined(left.element, right.element)
        return Many(element, length, left.some and right.some)
    return Unknown(through(one) | through(other))


def _number(one: Number, other: Number) -> Number:
    same = one.type == other.type
    value = one.value if same and one.value == other.value else None
    return Number(one.type if same else "", value, max(one.late, other.late))


def maybe(value: Value) -> Value:
    """A value that may be missing."""
    if isinstance(value, (Maybe, Nothing, Unknown)):
        return value
    return Maybe(value)


def surely_one(value: Value) -> bool:
    """Whether a value is one tensor: a sublayer that is not known may give several."""
    of_layer = (shapes.Made, shapes.Carried)
    return isinstance(value, Tensor) and not isinstance(value.shape, of_layer)


def there(value: Value) -> Value:
    """A value where it is not None."""
    return value.value if isinstance(value, Maybe) else value


def listed(value: Value) -> Many | None:
    """What a loop over a value goes over, None for what may be no list."""
    match value:
        case Many():
            return value
        case Items(items=items):
            rest = Number("int", None, value.late)
            kinds = [rest if one is shapes.REST else one for one in items]
            element: Value = kinds[0] if kinds else UNKNOWN
            for one in kinds[1:]:
                element = joined(element, one)
            length = None if shapes.REST in items else len(items)
            return Many(element, length, some=bool(length))
        case RestAxes():
            return Many(Number("int"))
    return None


def through(value: Value) -> frozenset[str]:
    """The names that a value changes smoothly with."""
    match value:
        case Tensor() | Unknown():
            return value.through
        case Maybe():
            return through(value.value)
        case Items():
            return NOWHERE.union(
                *(through(one) for one in value.items if one is not shapes.REST)
            )
        case Many():
            return through(value.element)
        case Function(node=node, frame=frame):
            read = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            return NOWHERE.union(*(frame.smooth(name) for name in read))
    return NOWHERE


def fits(items: Iterable[Any], most: int = ITEMS) -> bool:
    """Whether some items are few enough to be looked at one by one, those of lists in them
    each time that they stand there."""
    todo = [*items]
    while todo and most >= 0:
        one = there(todo.pop())
        most -= 1
        if isinstance(one, Items):
            todo += one.items
        elif isinstance(one, Many):
            todo.append(one.element)
    return most >= 0


def like_any(items: Iterable[Value]) -> Value:
    """What holds of each of some items."""
    several = [*items]
    found = reduce(joined, several) if several else UNKNOWN
    return found if fits([found]) else Unknown(NOWHERE.union(*map(through, several)))


def with_through(value: Value, names: frozenset[str]) -> Value:
    """A value that changes smoothly with these names alone."""
    match value:
        case Tensor() | Unknown():
            return replace(value, through=names)
        case Items(items=items):
            kept = (
                one if one is shapes.REST else with_through(one, names) for one in items
            )
            return Items(tuple(kept))
    return value


def is_float(dtype: str) -> bool:
    """Whether a dtype is surely one of floats."""
    return dtype in (COMPUTE, DEFAULT) or dtypes.is_float(dtype)


def is_whole(dtype: str) -> bool:
    """Whether a dtype is surely one of integers or bools."""
    return dtype == "bool" or dtypes.is_integer(dtype)
