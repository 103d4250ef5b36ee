"""How a check ends that does not pass: in words that say what was done."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn


class CheckFailure(AssertionError):
    """What is wrong with the layer, and how to mend it."""


class NotApplicable(Exception):
    """Found out while running: the layer has nothing for this check to look at."""


@dataclass(frozen=True)
class Blame:
    """Failures in the name of one layer."""

    name: str

    @contextmanager
    def during(self, doing: str, hint: str) -> Iterator[None]:
        """Turns an exception of the layer into a failure that says what was done."""
        try:
            yield
        except (CheckFailure, NotApplicable):
            raise
        except Exception as error:
            said = f"{type(error).__name__}: {innermost(str(error))}"
            message = f"{self.name}: {doing} raised {said}"
            raise CheckFailure(f"{message}\n{hint}") from error

    def fail(self, problem: str, hint: str) -> NoReturn:
        """Ends the check: what is wrong, and how to mend it."""
        raise CheckFailure(f"{self.name}: {problem}\n{hint}")


# What Keras and TensorFlow put around a message: which layer was called, with which
# arguments, bold type, and the kernel that ran.
_AROUND = re.compile(
    r"Exception encountered when calling [^\n]*\.\s*\n\s*"
    r"|(\x1b\[0m)?\s*\n\s*Arguments received by [^\n]*:\n\s*•.*"
    r"|\x1b\[\d+m"
    r"|\{\{function_node [^}]*\}\} ?"
    r"|\s*\[Op:\w+\]( name:[^\S\n]*[\w/]*)?",
    re.DOTALL,
)


def innermost(text: str) -> str:
    """The message of a failure, or of what caused it, where Keras wraps one in another.

    Keras repeats the whole config in front of each cause, and lists the arguments of
    the call behind it.
    """
    text = text.rpartition("Exception encountered: ")[2]
    text = text.partition("Full object config: ")[0]
    text = _AROUND.sub("", text).strip()
    return text if len(text) <= 1500 else f"{text[:1000]} ... {text[-400:]}"


def meant(name: str, known: Iterable[str]) -> str:
    """A question about a name that is near a known one."""
    near = get_close_matches(name, list(known), 1)
    return f" Did you mean `{near[0]}`?" if near else ""
