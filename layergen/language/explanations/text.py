"""The file as YAML: what each code means."""

from __future__ import annotations

from layergen.language.explanations.base import BASE, SCALED, explain, spec

YAML = (
    explain(
        "LG101",
        "no valid YAML",
        "The file breaks the rules of YAML at this place: a bracket or a quote that is "
        "never closed, a line without `key:`, or indentation that fits nothing. Or it is "
        "a line by which Git marks two versions that it could not merge.",
        spec("inputs: [batch, features"),
    ),
    explain(
        "LG102",
        "a key is there twice",
        "Every key of a mapping can be given once; YAML would keep the last one and "
        "drop the others silently.",
        BASE + "forward: x\n",
    ),
    explain(
        "LG103",
        "an anchor, alias, tag or merge key",
        "A spec is plain data: `&name`, `*name`, `!tag` and `<<` are refused. Text that "
        "begins with one of these characters needs quotes.",
        spec("doc: !important Scales its input."),
        spec('doc: "!important: it scales its input."'),
    ),
    explain(
        "LG104",
        "several documents",
        "One file holds one spec; `---` may only stand before it.",
        BASE + "---\n" + BASE,
    ),
    explain(
        "LG105",
        "a tab in the indentation",
        "YAML indents with spaces alone.",
        spec("weights:\n\tscale: [features]"),
    ),
    explain(
        "LG106",
        "a character that is none",
        "The file holds a control character, bytes that are not UTF-8, or a character "
        "that nobody sees: one that turns the direction of text, a space of no width and "
        "the like, also written as an escape (`\\u202e`). Joiners (U+200C, U+200D) and "
        "variation selectors, which scripts and emoji need, may stand in `doc` and in "
        "messages of `require`.",
        spec("doc: Scales its\x07 input."),
        spec("doc: Scales its input."),
    ),
    explain(
        "LG107",
        "too large or too deep",
        "A spec is at most one MiB, and at most 50 lists and mappings stand inside one "
        "another.",
        spec("example: {features: " + "[" * 60 + "]" * 60 + "}"),
        spec("example: {features: 3}"),
    ),
    explain(
        "LG108",
        "text that YAML cuts or misreads",
        "Text that holds `, [ ] { }` inside braces, that holds `: `, or that begins with "
        "a quote or one of `[ { * & ! @ % `` ` `` means something else to YAML. Put it in "
        "quotes, or write it as a block (`|`).",
        spec(
            "weights:\n  scale: {shape: [features], initializer: RandomUniform(-1, 1)}"
        ),
        spec(
            "weights:\n"
            '  scale: {shape: [features], initializer: "RandomUniform(-1, 1)"}'
        ),
    ),
    explain(
        "LG109", "an empty file", "There is nothing in it to read.", "# Nothing.\n"
    ),
    explain(
        "LG110",
        "a number past every limit",
        "The number is too large for any layer, or for a float.",
        spec("args: {factor: {type: float, default: 1e999}}", SCALED[1]),
        spec(*SCALED),
    ),
    explain(
        "LG111",
        "more than there may be",
        "A spec declares at most 256 arguments, and as many inputs, weights, functions "
        "and the like; no list or mapping in it has more than 1,000 entries.",
        spec(
            "derived: {" + ", ".join(f"d{i}: {i}" for i in range(257)) + "}",
            "forward: x * scale * (" + "+".join(f"d{i}" for i in range(64)) + ")",
        ),
        spec("derived: {d0: 2}", "forward: x * scale * d0"),
    ),
)
