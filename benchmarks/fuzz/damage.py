"""Damage specs at random, and see that each is refused in order or comes out right.

    python benchmarks/fuzz/damage.py [NUMBER] [--seed SEED] [--jobs JOBS]

Each damaged text is read, checked and, where it loads, rendered; what is rendered must
compile. Reported are exceptions, texts that take longer than two seconds, and code that
does not compile, each with the number that makes the same damage again:
`--only NUMBER` prints the text and runs it by itself.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import sys
import tokenize
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from io import StringIO
from pathlib import Path
from types import FrameType

from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import render

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("layergen/gallery", "tests/specs", "tests/language/full")
SEEDS = [
    path.read_text("utf-8")
    for folder in FOLDERS
    for path in sorted((ROOT / folder).glob("*.yaml"))
]
LINES = sorted({line for seed in SEEDS for line in seed.splitlines()})
PIECES = [
    *"[]{}:#|>-'\"*&!@%~\\\t\n\r\x00\x85()=.,_0é\u200b\u2028",
    *("null", "true", "1e999", ".inf", "return ", "lambda: ", "for i in x: ", "..."),
    *("any", "yield", "import os", "math.inf", "\ud800", "  ", "\n  ", "ops.", "-1"),
    *("list[int]", "states:", "kind: cell", "gradient: auto", "random.", "mask", "if "),
    *("style: both", "style: functional", "training", "None", "x", "batch", "else 0"),
]
TOKENS = sorted(
    {token for seed in SEEDS for token in re.findall(r"\w+|[^\w\s]+", seed)}
)
LIMIT = 2.0


def damaged(rng: random.Random) -> str:
    """A spec with one to four damages."""
    text = rng.choice(SEEDS)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        text = rng.choice(DAMAGES)(text, rng)
    return text


def insert(text: str, rng: random.Random) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + rng.choice(PIECES) + text[at:]


def delete(text: str, rng: random.Random) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + text[at + rng.randint(1, 9) :]


def replace(text: str, rng: random.Random) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + rng.choice(PIECES) + text[at + rng.randint(1, 4) :]


def flip(text: str, rng: random.Random) -> str:
    """One byte is another."""
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if data:
        data[rng.randrange(len(data))] = rng.randrange(256)
    return data.decode("utf-8", "surrogateescape")


def swap_lines(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def foreign_line(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    index, line = rng.randrange(len(lines)), rng.choice(LINES)
    match rng.randrange(3):
        case 0:
            lines[index] = line
        case 1:
            lines.insert(index, line)
        case _:
            key = lines[index].split(":")[0]
            lines[index] = key + ":" + line.partition(":")[2]
    return "\n".join(lines)


def drop_line(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    lines.pop(rng.randrange(len(lines)))
    return "\n".join(lines)


def indent(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    index = rng.randrange(len(lines))
    lines[index] = rng.choice(["  ", "    ", " "]) + lines[index]
    return "\n".join(lines)


def splice(text: str, rng: random.Random) -> str:
    """The beginning of one spec and the end of another."""
    lines, others = text.split("\n"), rng.choice(SEEDS).split("\n")
    return "\n".join(
        [*lines[: rng.randint(0, len(lines))], *others[rng.randint(0, len(others)) :]]
    )


def other_part(text: str, rng: random.Random) -> str:
    """A key at the top with what another spec has under it, or under another key."""
    part = re.compile(r"^(?=[a-z_]+:)", re.MULTILINE)
    parts, others = part.split(text), part.split(rng.choice(SEEDS))
    index, other = rng.randrange(len(parts)), rng.choice(others)
    if rng.random() < 0.5 and ":" in parts[index] and ":" in other:
        other = parts[index].partition(":")[0] + ":" + other.partition(":")[2]
    parts[index] = other
    return "".join(parts)


def other_word(text: str, rng: random.Random) -> str:
    """One word, everywhere or once, is another of the text."""
    words = re.findall(r"\b[A-Za-z_]\w*\b", text)
    if not words:
        return text
    old, new = rng.choice(words), rng.choice(words)
    return re.sub(rf"\b{old}\b", new, text, count=rng.choice([0, 1]))


def other_token(text: str, rng: random.Random) -> str:
    """One token is one of any spec's."""
    spans = [match.span() for match in re.finditer(r"\w+|[^\w\s]+", text)]
    if not spans:
        return text
    start, end = rng.choice(spans)
    return text[:start] + rng.choice(TOKENS) + text[end:]


def python_token(text: str, rng: random.Random) -> str:
    """Two of a line's Python tokens change places."""
    lines = text.split("\n")
    index = rng.randrange(len(lines))
    try:
        read = tokenize.generate_tokens(StringIO(lines[index].lstrip()).readline)
        tokens = [token.string for token in read if token.string.strip()]
    except (tokenize.TokenError, SyntaxError):
        return text
    if len(tokens) > 1:
        at = rng.randrange(len(tokens) - 1)
        tokens[at], tokens[at + 1] = tokens[at + 1], tokens[at]
        blank = len(lines[index]) - len(lines[index].lstrip())
        lines[index] = " " * blank + " ".join(tokens)
    return "\n".join(lines)


def repeat(text: str, rng: random.Random) -> str:
    """A piece of the text many times."""
    at = rng.randint(0, len(text))
    piece = text[at : at + rng.randint(1, 30)]
    return text[:at] + piece * rng.choice([2, 10, 300]) + text[at:]


DAMAGES: tuple[Callable[[str, random.Random], str], ...] = (
    *(insert, delete, replace, flip, swap_lines, foreign_line, foreign_line),
    *(drop_line, indent, splice, other_part, other_part, other_word, other_word),
    *(other_token, other_token, python_token, python_token, repeat),
)


class TooLong(BaseException):
    """The time is up."""


def _ring(signum: int, frame: FrameType | None) -> None:
    raise TooLong


def outcome(text: str) -> tuple[str, str]:
    """What became of a text: how it ended, and what is to be said of a failure."""
    signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    name = ""
    try:
        spec = read_spec(text, "damaged.yaml").spec
        if spec is None:
            return "refused", ""
        files = render(spec)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name, source in files.items():
                compile(source, name, "exec")
        return "rendered", ""
    except SpecError:
        return "refused in rendering", ""
    except SyntaxError as error:
        return "does not compile", f"{name}: {error}"
    except TooLong:
        return "too long", "".join(traceback.format_exc().splitlines(True)[-9:])
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno} {where.name}"
        return "exception", f"{type(error).__name__} at {place}: {error}"[:300]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def case(seed: int, number: int) -> str:
    """The text of a number."""
    return damaged(random.Random(f"{seed}/{number}"))


def _one(arguments: tuple[int, int]) -> tuple[int, str, str]:
    return (arguments[1], *outcome(case(*arguments)))


def outcomes(seed: int, count: int, jobs: int) -> Iterator[tuple[int, str, str]]:
    """The outcomes of the numbers up to `count`."""
    work = ((seed, number) for number in range(count))
    if jobs == 1:
        yield from map(_one, work)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_one, work, chunksize=50)


GOOD = ("refused", "refused in rendering", "rendered")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("number", nargs="?", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", type=int)
    given = parser.parse_args()
    if given.only is not None:
        text = case(given.seed, given.only)
        print(text.encode("unicode_escape").decode().replace("\\n", "\n"))
        print(*outcome(text), sep="\n")
        return 0
    outcome(SEEDS[0])  # What is imported when it is needed counts for no text.
    found: Counter[str] = Counter()
    for number, how, detail in outcomes(given.seed, given.number, given.jobs):
        found[how] += 1
        if how not in GOOD:
            print(f"--only {number}: {how}: {detail}", flush=True)
    print(", ".join(f"{count:,} {how}" for how, count in sorted(found.items())))
    return 0 if found.keys() <= {*GOOD} else 1


if __name__ == "__main__":
    sys.exit(main())
