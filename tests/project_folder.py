"""A project in a temporary folder, worked on by the command line in this process."""

import contextlib
import io
import json
import os
from pathlib import Path

from layergen.cli import cli

TABLE = """\
[tool.layergen]
package = "src/ours"
"""
SPEC = """\
layer: Scale
inputs: [..., features]
weights:
  scale: [features]
forward: x * scale
reference: scale * x
"""


ERRORS = io.StringIO
"""What takes standard error."""


class Folder:
    """A project's folder, and the command run in it."""

    def __init__(self, root):
        self.root = Path(root)

    def __truediv__(self, name):
        return self.root / name

    def run(self, *args):
        """Exit code, standard output and standard error of the command."""
        here = os.getcwd()
        os.chdir(self.root)
        out, err = io.StringIO(), ERRORS()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = cli.main([*map(str, args)], "layergen", standalone_mode=False)
        except Exception as error:
            show = getattr(error, "show", None)
            if show is None:
                raise
            with contextlib.redirect_stderr(err):
                show()
            code = error.exit_code
        finally:
            os.chdir(here)
        return code or 0, out.getvalue(), err.getvalue()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def files(self):
        """Every file with its bytes, by its path."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }

    def states(self):
        """The state of each file, as `layergen status` has it."""
        files = json.loads(self.run("status", "--json")[1])["files"]
        return {file["path"]: file["status"] for file in files}


def spec(layer="Scale", **weights):
    """A spec of weights that are all multiplied; by default of one, `scale`."""
    weights = weights or {"scale": "[features]"}
    lines = "".join(f"  {name}: {shape}\n" for name, shape in weights.items())
    text = SPEC.replace("Scale", layer).replace("  scale: [features]\n", lines)
    text = text.replace("x * scale", " * ".join(["x", *weights]))
    return text.replace("scale * x", " * ".join([*weights, "x"]))
