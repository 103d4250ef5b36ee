"""Names that mean something to the language, to Python or to what is generated.

Those of Keras are in `keras_tables/names.py`.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Builtins that spec code may use: none of them has an effect outside.
BUILTINS = _names("""
    abs all any bool complex dict divmod enumerate filter float frozenset int
    isinstance iter len list map max min next pow range repr reversed round set slice
    sorted str sum tuple zip
    """)

# What a name in spec code may mean to the language, whatever the spec declares.
LANGUAGE_WORDS = _names(
    "ops random math keras tf np training mask activation add_loss upstream self"
)

# Names of modules that generated code imports and uses beside the language's own.
IMPORTED = _names("activations constraints initializers numpy regularizers")

# Names that emitted tests import or define.
OF_TESTS = _names(
    "LayerCase Input parametrize_checks check_gradient defaults_of pytest CASES "
    "FUNCTION_CASES assert_close"
)

# Builtins that generated code uses beside the code of a spec.
BESIDE = _names(
    "ValueError any bool dict enumerate float getattr hasattr int isinstance len list "
    "range str super tuple zip"
)

# Names that are hard to tell from digits; style checkers refuse them.
AMBIGUOUS = _names("l O I")

# Modules that generated code and its tests import; a module beside them of the same
# name would hide them.
MODULES = _names("""
    absl conftest h5py hypothesis jax keras layergen ml_dtypes namex numpy optree
    packaging pytest rich scipy setuptools sklearn tensorflow torch
    """)
