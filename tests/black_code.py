"""Random Python of the kind that layers are made of, in no style at all."""

from hypothesis import strategies as st

NAMES = ["a", "b2", "units", "self", "some_longer_name", "input_shape_of_everything"]
STRINGS = [
    '"s"',
    "'s'",
    'f"x {a!r}"',
    '"it\'s"',
    "'q\"q'",
    '"a\\"b"',
    '"é"',
    '"世界"',
    '""',
]
OPERATORS = "+ - * / // % @ | & << == < <= != in is and or".split() + ["not in", "**"]
PARAMETERS = [
    "self",
    "units",
    "activation='linear'",
    "some_longer_name=None",
    "d=(1, 2)",
]

names = st.sampled_from(NAMES)
atoms = st.one_of(
    names,
    st.sampled_from(["0", "1", "2.5", "1e-05", "None", "True", "...", "x.shape"]),
    st.sampled_from(STRINGS),
)


def joined(parts, separator=", ", most=4):
    return st.lists(parts, max_size=most).map(separator.join)


def extended(inner):
    """Expressions made of smaller ones."""
    keywords = st.builds("name{}={}".format, st.integers(0, 99), inner)
    arguments = st.lists(st.one_of(inner, inner.map("*{}".format)), max_size=3)
    called = st.builds(
        lambda name, values, named, comma: f"{name}({', '.join([*values, *named])}{comma})",
        st.one_of(names, st.just("self.add_weight"), inner),
        arguments,
        st.lists(keywords, max_size=3, unique_by=lambda text: text.split("=")[0]),
        st.sampled_from(["", "", ","]),
    )
    return st.one_of(
        called,
        called,
        st.builds("({},)".format, inner),
        joined(inner).map("({})".format),
        joined(inner).map("[{}]".format),
        joined(st.builds("{}: {}".format, inner, inner)).map("{{{}}}".format),
        st.builds("{} {} {}".format, inner, st.sampled_from(OPERATORS), inner),
        st.lists(inner, min_size=2, max_size=5).map(" and ".join),
        st.lists(inner, min_size=2, max_size=5).map("  +".join),
        inner.map("not {}".format),
        inner.map("-{}".format),
        inner.map("({})".format),
        st.builds("{} if {} else {}".format, inner, inner, inner),
        st.builds("[{} for i, j in {}]".format, inner, names),
        st.builds("any({} for i in {} if {})".format, inner, names, inner),
        st.builds(
            "{}[{}]".format, names, st.sampled_from([":-1", "1:", "..., 0", "::2"])
        ),
        st.builds("{}[{}]".format, names, inner),
        st.builds("f(lambda a, b: {})".format, inner),
    )


expressions = st.recursive(atoms, extended, max_leaves=14)
targets = st.one_of(names, st.builds("{}[{}]".format, names, expressions))
unpacked = st.lists(targets, min_size=2, max_size=5).map(", ".join)
statements = st.one_of(
    st.builds("self.kernel = {}".format, expressions),
    st.builds("x[0] = {}".format, expressions),
    st.builds("a, b = {}".format, expressions),
    st.builds("(a,) = {}".format, expressions),
    st.builds("({},) = {}".format, unpacked, expressions),
    st.builds("{} = {}".format, unpacked, expressions),
    st.builds("y += {}".format, expressions),
    st.builds("return {}".format, expressions),
    st.builds("return {}, {}".format, expressions, expressions),
    st.builds("assert {}".format, expressions),
    st.builds("raise ValueError({})".format, expressions),
    st.builds("raise ValueError(\n 'a' \"it's {}\"\nf'b {{b}}'\n)".format, names),
    st.builds("self.{}({}, {})".format, names, expressions, expressions),
    st.builds(
        "if {}:\n        pass\n    else:\n        return {}".format,
        expressions,
        expressions,
    ),
    st.builds("for i in {}:\n        x = {}".format, expressions, expressions),
    st.builds("with f({}):\n        pass".format, expressions),
    st.builds("# why\n    x = {}\n".format, expressions),
)


@st.composite
def modules(draw):
    """A module of imports, a constant and a function; most are valid Python."""
    imported = draw(
        st.lists(st.sampled_from([f"{name}_and_more" for name in NAMES]), max_size=6)
    )
    parameters = draw(st.lists(st.sampled_from(PARAMETERS), unique=True))
    parameters.sort(key=lambda text: "=" in text)
    if draw(st.booleans()):
        parameters.append("**kwargs")
    lines = (
        [f"from module import {', '.join(imported)}"] if imported else ["import keras"]
    )
    lines += [f"X = {draw(expressions)}"] if draw(st.booleans()) else []
    lines += [f"@f.g({draw(expressions)})"] if draw(st.booleans()) else []
    lines += [f"def f({', '.join(parameters)}):"]
    lines += [
        f"    {line}" for line in draw(st.lists(statements, min_size=1, max_size=3))
    ]
    return "\n".join(lines) + "\n"


PLAIN = ["x = 1", "f(x)", "return x", "import os", "from a import b", "# why", "pass"]
OPENERS = ["if x:", "for x in y:", "with f():", "def f(x):", "class A:", "@g"]
DOCSTRINGS = [
    '"""Does."""',
    '"""Does.\n\n{0}Args:\n{0}    x: It.\n{0}"""',
    '"""Does.\n{0}  More \\\\\n{0}"""',
    '""""Does" \\\\"""',
    '""" Does \\\\\\\\  """',
]


@st.composite
def outlines(draw, depth=0):
    """Blocks in blocks with any blank lines between them; most are valid Python."""
    indent = "    " * depth
    lines = []
    for index in range(draw(st.integers(1, 5 if depth else 9))):
        if index or not draw(st.integers(0, 19)):
            lines += [""] * draw(st.sampled_from([0, 0, 0, 1, 2, 3]))
        if depth > 2 or draw(st.integers(0, 2)):
            lines.append(indent + draw(st.sampled_from(PLAIN)))
            continue
        opener = draw(st.sampled_from(OPENERS))
        lines += [indent + opener] if opener != "@g" else []
        if opener == "@g":
            lines += [f"{indent}@g", f"{indent}def f(x):"]
        if opener in ("@g", "def f(x):", "class A:") and draw(st.booleans()):
            text = draw(st.sampled_from(DOCSTRINGS)).format(indent + "    ")
            lines.append(f"{indent}    {text}")
        lines.append(draw(outlines(depth + 1)))
        if opener == "if x:" and draw(st.booleans()):
            lines += [f"{indent}else:", draw(outlines(depth + 1))]
    return "\n".join(lines) + ("" if depth else "\n")
