"""How a check ends that does not pass: in words that say what was done."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from .between_calls import leave_calls
from .causes import Cause, cause_of


class CheckFailure(AssertionError):
    """What is wrong with the layer, and how to mend it.

    `cause` is the same for all failures that come of one thing; "" where it is not
    known what this one comes of.
    """

    def __init__(self, message: str, cause: str = "") -> None:
        super().__init__(message)
        self.cause = cause


class NotApplicable(Exception):
    """Found out while running: the layer has nothing for this check to look at."""


@dataclass(frozen=True)
class Blame:
    """Failures in the name of one layer.

    `mend` says what to do about the cause of an exception, and what all of its kind have
    in common, where it knows.
    """

    name: str
    mend: Callable[[Cause], tuple[str, str]]

    @contextmanager
    def during(self, doing: str, hint: str) -> Iterator[None]:
        """Turns an exception of the layer into a failure that says what was done."""
        try:
            yield
        except (CheckFailure, NotApplicable):
            raise
        except Exception as error:
            leave_calls()
            cause = cause_of(error)
            mend, kind = self.mend(cause)
            lines = [f"{self.name}: {doing} raised {cause.said}", cause.line]
            message = "\n".join([*filter(None, lines), mend or hint])
            raise CheckFailure(message, kind or cause.key) from error

    def fail(self, problem: str, hint: str, cause: str = "") -> NoReturn:
        """Ends the check: what is wrong, and how to mend it."""
        raise CheckFailure(f"{self.name}: {problem}\n{hint}", cause)


def meant(name: str, known: Iterable[str]) -> str:
    """A question about a name that is near a known one."""
    near = get_close_matches(name, list(known), 1)
    return f" Did you mean `{near[0]}`?" if near else ""
