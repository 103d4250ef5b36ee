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
statements = st.one_of(
    st.builds("self.kernel = {}".format, expressions),
    st.builds("x[0] = {}".format, expressions),
    st.builds("a, b = {}".format, expressions),
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
