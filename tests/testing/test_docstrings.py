"""What every check says of itself: `docs/checks.md` is made of it."""

import pytest

from layergen.testing import CHECKS


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_docstring(check):
    first, _, rest = check.doc.partition("\n\n")
    assert first.startswith("Guards against ")
    assert first.endswith(".") and "\n" not in first and len(first) <= 100
    assert rest.strip().endswith("."), "what Keras does is not told"
