"""The near end of the fresh process: one per test run, started once, used often."""

import atexit
import inspect
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from .inputs import Array
from .saying import innermost

INSIDE = "LAYERGEN_FRESH_PROCESS"
_SERVER: "Server | None" = None


class Server:
    """A Python process that has never seen the layer, and loads what it is given.

    Requests and answers are lines of JSON on its standard input and output; it ends
    when its input does, so it never outlives this process.
    """

    def __init__(self) -> None:
        self._log: IO[bytes] = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("fresh_process.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            # TensorFlow would claim a GPU's whole memory, which this process needs.
            env={
                **os.environ,
                "TF_CPP_MIN_LOG_LEVEL": "3",
                "CUDA_VISIBLE_DEVICES": "-1",
                INSIDE: "1",
            },
            text=True,
        )
        atexit.register(self.stop)

    def ask(self, **request: Any) -> dict[str, Any]:
        """Sends a request; returns the answer, `{"error": ...}` where it failed."""
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except (OSError, ValueError):  # A closed pipe is a ValueError.
            line = ""
        if not line:
            return {"error": f"the fresh process died: {self._last_words()}"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """Ends the process."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.kill()
        self._process.wait()

    def _last_words(self) -> str:
        self._log.seek(0)
        return self._log.read()[-2000:].decode(errors="replace")


def start() -> Server:
    """The server of this run; the first call starts it, and does not wait for it."""
    global _SERVER
    if INSIDE in os.environ:
        # The module that defines a layer is imported there, and would check it again.
        raise RuntimeError(
            "a script that checks its own layers must do so under "
            '`if __name__ == "__main__":`'
        )
    if _SERVER is None or not _SERVER.alive:
        _SERVER = Server()
    return _SERVER


def load_and_call(
    model: Path, layer: Any, inputs: list[Array], imports: bool = True
) -> tuple[list[Array] | None, str]:
    """Outputs of a saved model in the fresh process; None and the reason it failed.

    The process is given no custom objects. It imports the module that defines the
    layer, for registration happens there, unless told not to.
    """
    np.savez(model.with_name("feed.npz"), *inputs)
    return _answer(model, layer, imports)


def run_on_replicas(
    model: Path, layer: Any, shares: list[list[Array]]
) -> tuple[list[Array] | None, str]:
    """The non-trainable weights of a model after one step in training on replicas.

    Every replica gets its share of the inputs. The weights come with an axis for the
    replicas in front; None and the reason where the step failed.
    """
    both = [np.stack(pair) for pair in zip(*shares, strict=True)]
    np.savez(model.with_name("feed.npz"), *both)
    return _answer(model, layer, replicas=len(shares))


def step_on_devices(
    model: Path, layer: Any, inputs: list[Array], **how: Any
) -> tuple[dict[str, Array] | None, str]:
    """What `one_step.spread` makes of a model; None and the reason where it failed."""
    np.savez(model.with_name("feed.npz"), *inputs)
    return _named(model, layer, spread=how)


def _answer(
    model: Path, layer: Any, imports: bool = True, replicas: int = 0
) -> tuple[list[Array] | None, str]:
    """The arrays that answer a request, in order."""
    found, error = _named(model, layer, imports, replicas)
    return None if found is None else [*found.values()], error


def _named(
    model: Path,
    layer: Any,
    imports: bool = True,
    replicas: int = 0,
    spread: dict[str, Any] | None = None,
) -> tuple[dict[str, Array] | None, str]:
    """Asks about a model and a feed that lie beside the result."""
    result = model.with_name("result.npz")
    file = inspect.getsourcefile(layer)
    answer = start().ask(
        model=str(model),
        module=layer.__module__ if imports else None,
        file=str(Path(file).resolve()) if file else None,
        path=[str(Path(one or ".").resolve()) for one in sys.path],
        feed=str(model.with_name("feed.npz")),
        result=str(result),
        replicas=replicas,
        spread=spread,
    )
    if "error" in answer:
        return None, innermost(str(answer["error"]))
    with np.load(result) as saved:
        return {name: saved[name] for name in saved.files}, ""
