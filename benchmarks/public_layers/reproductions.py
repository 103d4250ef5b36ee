"""Runs the reproductions in `docs/public_layers.md`, one after the other.

Exits with 1 where one does not show what it says.
"""

import re
import traceback
import warnings
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "public_layers.md"


def main() -> int:
    warnings.simplefilter("ignore")
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    failed = 0
    for block in blocks:
        try:
            exec(compile(block, str(DOCUMENT), "exec"), names)
        except Exception:
            failed += 1
            print(f"{block}\n{traceback.format_exc()}")
    print(f"{len(blocks)} reproductions, {failed} of which show nothing")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
