"""The names of what Keras has."""

from __future__ import annotations

from layergen.keras_tables import table

OPS = frozenset(table.OPS)
"""Functions of `keras.ops`."""
OPS_MODULES = frozenset(table.OPS_MODULES)
"""Modules inside `keras.ops`."""
RANDOM = frozenset(table.RANDOM)
"""What draws in `keras.random`."""
LAYERS = frozenset(table.LAYERS)
"""Classes of `keras.layers`."""
LAYER_ATTRIBUTES = frozenset(table.LAYER_NAMES)
"""What a layer has, and keyword arguments that `Layer.__init__` takes."""
HELD = frozenset(n for n, how in table.LAYER_NAMES.items() if how != "parameter")
"""What a layer has, of which a subclass can make nothing else."""
READ_ONLY = frozenset(n for n, how in table.LAYER_NAMES.items() if how == "read-only")
"""Properties of a layer that cannot be assigned to."""
PRIVATE = frozenset(table.LAYER_PRIVATE)
"""What a built layer has for itself, by names that begin with one `_`."""
TRACKED = frozenset(table.LAYER_TRACKED)
"""Attributes of a layer in which Keras keeps what it tracks."""
BACKEND = frozenset(table.BACKEND)
"""All that `keras.backend` has."""
MODULES = {path: frozenset(names.split()) for path, names in table.MODULES.items()}
"""What `keras` has, and its public modules that no other table holds, by their paths."""
DTYPES = frozenset(table.DTYPES)
"""Data types of tensors."""
FLOAT_DTYPES = ("float16", "bfloat16", "float32", "float64")
"""Those of floats that layers compute with."""

INITIALIZER_IDENTIFIERS = frozenset(table.INITIALIZER_IDENTIFIERS)
"""What `keras.initializers.get` takes as a string, and likewise the others."""
REGULARIZER_IDENTIFIERS = frozenset(table.REGULARIZER_IDENTIFIERS)
CONSTRAINT_IDENTIFIERS = frozenset(table.CONSTRAINT_IDENTIFIERS)
ACTIVATIONS = frozenset(table.ACTIVATIONS)
KEEPING = ACTIVATIONS - {"glu"}
"""Activations that give a tensor of the same shape."""

INITIALIZER_CLASSES = frozenset(table.INITIALIZER_CLASSES)
"""Classes of `keras.initializers`, and likewise the others."""
REGULARIZER_CLASSES = frozenset(table.REGULARIZER_CLASSES)
CONSTRAINT_CLASSES = frozenset(table.CONSTRAINT_CLASSES)
