"""YAML text to nodes.

Nodes are put together here from the parser's events, so that nesting, anchors, tags and
documents are judged before anything is built: the library's own composer crashes on
deeply nested input, and its resolver reads YAML 1.1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any

import yaml

from layergen import limits
from layergen.language.collector import Collector, clipped
from layergen.language.yaml import quoting
from layergen.language.yaml.characters import (
    Hidden,
    Span,
    has_bad_characters,
    hidden_by_escapes,
    hidden_joiners,
    is_prose,
    is_unmerged,
    refuse_hidden,
)
from layergen.language.yaml.nodes import (
    Mapping,
    Node,
    Scalar,
    Sequence,
)
from layergen.language.yaml.scalar_lines import lines_of
from layergen.problems import Place

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Stop(Exception):
    """The text is no use from here on; the problem has been recorded."""


def parse(text: str, problems: Collector) -> Node | None:
    """The document in `text`, or None where it is none (the problems say why)."""
    if len(text) > limits.BYTES or len(text.encode(errors="replace")) > limits.BYTES:
        problems.add(
            "LG107",
            Place(1, 1),
            f"the file is larger than {limits.BYTES // 1024} KiB",
            "a spec is short: say in it what the layer is, not its data",
        )
        return None
    if is_unmerged(text, problems) or has_bad_characters(text, problems):
        return None
    builder = _Builder(text, problems)
    try:
        root = builder.document()
        hidden = (*builder.hidden, *hidden_joiners(text, builder.prose))
        refused = refuse_hidden(hidden, text, problems)
        return None if builder.cut or refused else root
    except yaml.MarkedYAMLError as error:
        if not _is_too_deep(text, error, problems):
            quoting.explain(error, text, problems)
    except yaml.YAMLError as error:
        problems.add("LG101", Place(1, 1), f"no valid YAML: {error}")
    except _Stop:
        pass
    return None


def _is_too_deep(text: str, error: yaml.MarkedYAMLError, problems: Collector) -> bool:
    """Whether the text is nested too deeply where the parser gave up; then that is told.

    A parser has a limit of its own, and looks ahead, so that it gives up before it has
    told of what it has read. Up to where it gave up it reads the text.
    """
    if error.problem_mark is None:
        return False
    before = text[: error.problem_mark.index]
    found = Collector(problems.file, before)
    with suppress(yaml.YAMLError, _Stop):
        _Builder(before, found).document()
    deep = [problem for problem in found.problems if problem.code == "LG107"]
    for problem in deep:
        problems.add(problem.code, problem.place, problem.message, problem.hint)
    return bool(deep)


class _Builder:
    """Nodes from parse events; recursion goes no deeper than `limits.DEPTH`."""

    def __init__(self, text: str, problems: Collector) -> None:
        self.text = text
        self.source = text.split("\n")
        self.problems = problems
        self.events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
        self.depth = self.count = 0
        self.cut = False
        self.path: tuple[str, ...] = ()
        self.prose: list[Span] = []
        self.hidden: list[Hidden] = []
        self.full: set[Place] = set()

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self.stop("LG104", _place(event), "a second document begins here")
                root = self.node(next(self.events))
        if root is None:
            self.problems.add("LG109", Place(1, 1), "the file is empty")
        return root

    def stop(self, code: str, place: Place, message: str, hint: str = "") -> None:
        self.problems.add(code, place, message, hint)
        raise _Stop

    def node(self, event: Any) -> Node:
        self.refuse_sharing(event)
        self.count += 1
        if self.count > limits.NODES:
            message = f"more than {limits.NODES:,} keys and values in the file"
            self.stop("LG107", _place(event), message, "a spec says no data")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        self.depth += 1
        if self.depth > limits.DEPTH:
            message = f"more than {limits.DEPTH} lists and mappings inside one another"
            self.stop("LG107", _place(event), message)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
                node = self.under(None, item)
                if self.has_room(event, items, node):
                    items.append(node)
            found: Node = Sequence(tuple(items), _place(event))
        else:
            found = self.mapping(event)
        self.depth -= 1
        return found

    def under(self, key: str | None, event: Any) -> Node:
        """The node that stands under a key; keys themselves, and items, stand under none."""
        outer = self.path
        self.path = ("",) if key is None else (*outer, key)
        found = self.node(event)
        self.path = outer
        return found

    def has_room(self, start: Any, entries: Collection[object], node: Node) -> bool:
        """Whether one more may be there; the first too many is told of, and left out."""
        if len(entries) < limits.ENTRIES:
            return True
        if _place(start) not in self.full:
            self.full.add(_place(start))
            message = f"more than {limits.ENTRIES:,} entries in one list or mapping"
            self.problems.add("LG111", node.place, message)
        return False

    def refuse_sharing(self, event: Any) -> None:
        place = _place(event)
        if isinstance(event, yaml.AliasEvent):
            self.stop(
                "LG103",
                place,
                f"`*{event.anchor}` is a YAML alias",
                "write the value out; put text that begins with `*` in quotes",
            )
        if event.anchor is not None:
            self.stop(
                "LG103",
                place,
                f"`&{event.anchor}` is a YAML anchor",
                "leave it out; put text that begins with `&` in quotes",
            )
        if event.tag is not None:
            self.stop(
                "LG103",
                place,
                f"`{clipped(event.tag)}` is a YAML tag",
                "leave it out; put text that begins with `!` in quotes",
            )

    def scalar(self, event: Any) -> Scalar:
        place = _place(event)
        style = event.style if event.style in ("'", '"', "|", ">") else None
        start, end = event.start_mark.index, event.end_mark.index
        prose = is_prose(self.path)
        if prose:
            self.prose.append((start, end))
        if style == '"':
            text = self.text[start:end]
            self.hidden += hidden_by_escapes(text, start, prose)
        lines = lines_of(event.value, style, place, self.source)
        return Scalar(event.value, style, place, lines)

    def mapping(self, start: Any) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.under(None, event)
            if not isinstance(key, Scalar):
                self.stop(
                    "LG203",
                    key.place,
                    "a key must be a plain name, not a list or a mapping",
                    "put text that begins with `[` or `{` in quotes",
                )
            assert isinstance(key, Scalar)
            value = self.under(key.text, next(self.events))
            if key.text == "<<" and key.style is None:
                self.stop(
                    "LG103", key.place, "`<<` is a YAML merge key", "write it out"
                )
            if start.flow_style and quoting.is_cut(key, value):
                quoting.explain_cut(key, entries.values(), self.problems)
                self.cut = True
                continue
            self.enter(start, entries, key, value)
        return Mapping(tuple(entries.values()), _place(start))

    def enter(
        self,
        start: Any,
        entries: dict[str, tuple[Scalar, Node]],
        key: Scalar,
        value: Node,
    ) -> None:
        if key.text not in entries:
            if self.has_room(start, entries, key):
                entries[key.text] = (key, value)
            return
        first = entries[key.text][0].place.line
        self.problems.add(
            "LG102",
            key.place,
            f"the key `{clipped(key.text)}` is there twice",
            f"it was first given in line {first}",
        )


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)
