"""Templates of a project's own, laid out without trust.

They read what a plan says and put text together; they reach nothing else, and what they
do is counted: turns of loops, calls, and the characters and items that are looked at,
made or printed. What makes more than it is given is counted before it does.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import Undefined, filters, pass_context, pass_eval_context
from jinja2.exceptions import SecurityError
from jinja2.nodes import EvalContext
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner

from layergen.layout.counting import MADE, TURNS, CountingGenerator

STEPS, PRINTED = 1_000_000, 200_000
"""What laying out one file may take, and the characters that it may come to."""
TURN, LOADED = 5, 100
"""What a call or a turn of a loop counts, and a template that is included."""
WIDTH, BITS = 100, 4096
"""The furthest that lines are indented, and the longest integer."""

GLOBALS = "range dict cycler joiner namespace".split()
FILTERS = frozenset(
    "abs count d default dictsort first float groupby int items last length list map max "
    "min reject rejectattr reverse select selectattr sort unique".split()
)
OF_TEXT = frozenset("capitalize lower title trim upper wordcount".split())
METHODS = frozenset(
    "capitalize casefold count endswith find get index isalnum isalpha isascii isdecimal "
    "isdigit isidentifier islower isnumeric isprintable isspace istitle isupper items join "
    "keys lower lstrip partition removeprefix removesuffix replace rfind rindex rpartition "
    "rsplit rstrip split splitlines startswith strip swapcase title upper values".split()
)
"""What may be called of texts, lists and mappings."""

_VALUES = (str, list, tuple, dict)
_HELPERS = (Cycler, Joiner, LoopContext)
_CALLED = (Macro, BlockReference, *_HELPERS)


class Excess(Exception):
    """A template takes more than it may."""


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for templates that are not trusted; it lays out one file at a time."""

    code_generator_class = CountingGenerator
    intercepted_binops = frozenset(("+", "-", "*", "/", "//", "%", "**"))

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, finalize=self._printed)
        self.steps = 0
        self.globals = {name: self.globals[name] for name in GLOBALS}
        known, self.filters = self.filters, {MADE: self._made, TURNS: self._turns}
        self.add({name: known[name] for name in FILTERS})
        self.add({"join": self._join, "sum": _sum})
        self.add_of_text({name: known[name] for name in OF_TEXT})
        self.add_of_text({"string": str, "replace": self._replace})
        self.add_of_text({"indent": filters.do_indent})
        tests: dict[str, Any] = dict(self.tests)
        del tests["filter"], tests["test"]
        self.tests = {name: self._counted(test) for name, test in tests.items()}

    def add(self, more: Mapping[str, Callable[..., Any]], cost: int = 1) -> None:
        """Let templates use filters, which take so many steps for each character."""
        self.filters |= {name: self._counted(one, cost) for name, one in more.items()}

    def add_of_text(self, more: Mapping[str, Callable[..., Any]]) -> None:
        """Let templates use filters that take a text, and perhaps a width."""
        self.add({name: _of_text(one) for name, one in more.items()})

    def lay_out(self, template: str, plans: Mapping[str, object]) -> str:
        """The Python that a template makes of plans.

        Raises:
            Excess: If that takes more than it may.
            SyntaxError: If it is no Python; and whatever templates raise.
        """
        self.steps = 0
        text: str = self.get_template(template).render(plans)
        if len(text) > PRINTED:
            raise Excess(f"a file has more than {PRINTED:,} characters")
        # What Python's own parser takes, Black lays out before long.
        ast.parse(text, f"what {template} makes")
        return text

    def spend(self, steps: int) -> None:
        """Count what is done, or is about to be."""
        self.steps += steps
        if self.steps > STEPS:
            raise Excess(f"laying out a file takes more than {STEPS:,} steps")

    def is_safe_callable(self, obj: Any) -> bool:
        """Macros, blocks and loops, and what reads a value; nothing of a plan."""
        if isinstance(obj, _CALLED) or any(obj is one for one in self.globals.values()):
            return True
        owner = getattr(obj, "__self__", None)
        if type(owner) in _VALUES:
            return obj.__name__ in METHODS
        return isinstance(owner, _HELPERS)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        self.spend(TURN + sum(map(_weight, args)))
        owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
        if isinstance(owner, str) and args:
            if name == "join":
                args = (self._joinable(owner, args[0]), *args[1:])
            if name == "replace":
                self._foresee(owner, *args)
        return self._made(super().call(context, obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        self.spend(_weight(left) + _weight(right))
        if isinstance(left, int) and isinstance(right, int):
            left_bits, right_bits = left.bit_length(), right.bit_length()
            bits = {"*": left_bits + right_bits, "**": left_bits * max(right, 0)}
            if bits.get(operator, 0) > BITS:
                raise Excess(f"an integer takes more than {BITS} bits")
        elif operator == "*":
            number, value = (left, right) if isinstance(left, int) else (right, left)
            if isinstance(number, int):
                self.spend(max(number, 0) * _weight(value))
        elif operator == "%" and not isinstance(left, float):
            raise SecurityError("texts are put together with `~`, not with `%`")
        return self._made(super().call_binop(context, operator, left, right))

    def getitem(self, obj: Any, argument: Any) -> Any:
        self.spend(_weight(argument))
        return super().getitem(obj, argument)

    def get_template(self, *args: Any, **kwargs: Any) -> Any:
        self.spend(LOADED)
        return super().get_template(*args, **kwargs)

    def select_template(self, names: Any, *args: Any, **kwargs: Any) -> Any:
        self.spend(LOADED * _weight(names))
        return super().select_template(names, *args, **kwargs)

    def _counted(
        self, function: Callable[..., Any], cost: int = 1
    ) -> Callable[..., Any]:
        @functools.wraps(function)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.spend(TURN + cost * sum(map(_weight, (*args, *kwargs.values()))))
            return self._made(function(*args, **kwargs))

        return counted

    @pass_eval_context
    def _join(
        self,
        context: EvalContext,
        values: Iterable[Any],
        d: str = "",
        attribute: str | int | None = None,
    ) -> str:
        if attribute is not None:
            values = map(filters.make_attrgetter(self, attribute), values)
        return _text(d).join(self._joinable(_text(d), values))

    def _joinable(self, between: str, values: Iterable[Any]) -> list[str]:
        """Texts that are to be joined, counted with what comes between them."""
        texts = []
        for value in values:
            texts.append(_text(value))
            self.spend(1 + len(between) + len(texts[-1]))
        return texts

    def _replace(self, text: str, old: str, new: str, count: int = -1) -> str:
        old, new = _text(old), _text(new)
        self._foresee(text, old, new)
        return text.replace(old, new, count)

    def _foresee(self, text: str, old: str, new: str, *_: Any) -> None:
        """Count the result of a replacement."""
        self.spend(text.count(old) * len(new))

    @pass_context
    def _printed(self, context: Context, value: Any) -> str:
        text = _text(value)
        self.spend(1 + len(text))
        return text

    def _made(self, value: Any) -> Any:
        self.spend(_weight(value))
        return value

    def _turns(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self.spend(TURN)
            yield value


def _of_text(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that is given a text, and that no more than indents it."""

    @functools.wraps(function)
    def of_text(value: Any, *args: Any, **kwargs: Any) -> Any:
        width = kwargs.get("width", args[0] if args else 0)
        if isinstance(width, int) and width > WIDTH or _weight(width) > WIDTH:
            raise Excess(f"text is moved by more than {WIDTH} characters")
        return function(_text(value), *args, **kwargs)

    return of_text


def _sum(values: Iterable[Any], start: float = 0) -> float:
    if not isinstance(start, int | float):
        raise SecurityError("a sum is one of numbers")
    return sum(values, start)


def _text(value: Any) -> str:
    """What is printed of a value: it must be a text or a number."""
    if value is None or isinstance(value, str | int | float | Undefined):
        return str(value)
    raise SecurityError(f"a {type(value).__name__} is no text: print what is in it")


def _weight(value: Any) -> int:
    """What there is in a value, all that is in that included; of a plan nothing is asked."""
    if isinstance(value, str | range):
        return 1 + len(value)
    if isinstance(value, int):
        return 1 + value.bit_length() // 3
    if isinstance(value, list | tuple | set | frozenset):
        return 1 + sum(map(_weight, value))
    if isinstance(value, dict):
        return 1 + sum(map(_weight, value)) + sum(map(_weight, value.values()))
    return 1
