"""What a spec may hold at most; `docs/spec.md` names the same numbers.

Every limit is a count, so that a spec is refused at the same place on every machine.
"""

from __future__ import annotations

BYTES = 2**20
"""Of a spec's file."""

DEPTH = 50
"""Lists and mappings inside one another."""

ENTRIES = 1_000
"""Of one list or mapping."""

NODES = 20_000
"""Of all lists and mappings together: keys, values and themselves."""

DECLARED = 256
"""Arguments, and likewise inputs, weights, functions and whatever else has names."""

LINES = 1_000
"""Of one piece of code."""

CHARACTERS = 50_000
"""Of one piece of code."""

CODE_DEPTH = 100
"""Levels of one piece of code: expressions, statements and brackets inside one another."""

BLOCKS = 16
"""Blocks of statements inside one another, of which Python reads 20."""

TARGETS = 16
"""Of one assignment, as in `a = b = 0`."""

BITS = 1024
"""Of an integer in code."""

AXES = 32
"""Of one shape."""

SHORT_TEXT = 500
"""Characters of a type or of one dimension."""

STEPS = 100_000
"""Of working out a spec's derived values and conditions: nodes visited, and the items of
what they give."""

SEARCH_STEPS = 200_000
"""Of the same, in the search for sizes to try a layer with."""

VALUE = 10**9
"""A number that is worked out."""

FORMULA_DEPTH = 150
"""Operations inside one another, in a formula that a gradient is derived of."""

FORMULA_SIZE = 2_000
"""Different operations in such a formula, counted once for each of its arguments."""

FLOW_STEPS = 200_000
"""Of following what code does. Of a gradient past them: it reaches every value."""

UNROLLED = 16
"""Items of a loop that are looked at one by one."""
