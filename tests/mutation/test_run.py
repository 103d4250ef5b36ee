"""How mutants are run, and how what became of them is written."""

import csv
import io
import os
import time
from types import SimpleNamespace

import pytest
from mutation.emitted import FirstFailure
from mutation.forks import Answer, run_in_forks
from mutation.mutate import Mutant
from mutation.run import NOT_RUN, SURVIVED, Outcome, judged
from mutation.shortcomings import shortcomings
from mutation.table import rows, summary


def answers(task, jobs=1, seconds=20):
    return list(run_in_forks([task], jobs, seconds))


def test_fork_hands_back_what_the_task_says():
    [answer] = answers(lambda folder: {"failed": str(folder.is_dir())})
    assert (answer.said, answer.timed_out) == ({"failed": "True"}, False)


def test_fork_that_dies_has_crashed():
    [answer] = answers(lambda folder: os._exit(3))
    assert answer.said is None
    assert judged(answer) == "crashed"


def test_fork_that_raises_leaves_its_traceback():
    [answer] = answers(lambda folder: 1 / 0)
    assert judged(answer) == "crashed"
    assert "ZeroDivisionError" in answer.log


def test_fork_that_hangs_is_ended():
    [answer] = answers(lambda folder: time.sleep(60), seconds=1)
    assert judged(answer) == "timed out"


def test_forks_do_not_see_each_other(tmp_path):
    seen = []
    tasks = [
        lambda folder, n=n: {"failed": seen.append(n) or str(seen)} for n in range(4)
    ]
    said = {one.index: judged(one) for one in run_in_forks(tasks, 2, 20)}
    assert said == {n: f"[{n}]" for n in range(4)}
    assert seen == []


def test_order_of_tests_changes_and_their_number_does_not():
    names = [
        "test_contract[a-fit_lowers]",
        "test_weights",
        "test_contract[a-xla_agrees]",
    ]
    items = [SimpleNamespace(name=one, nodeid=f"t.py::{one}") for one in names]
    seen = FirstFailure()
    seen.pytest_collection_modifyitems(items)
    assert [one.name for one in items] == [names[1], names[0], names[2]]
    assert len(seen.collected) == 3


def mutant(layer, kind="sign", inside=False):
    return Mutant(layer, kind, 3, 5, "`x` → `-x`", "text", inside)


OUTCOMES = [
    Outcome(mutant("swish"), "test_contract[a]", "AssertionError"),
    Outcome(mutant("double"), SURVIVED, SURVIVED),
    Outcome(mutant("mish"), SURVIVED, SURVIVED),
    Outcome(mutant("relu_dense", "axis"), "timed out", NOT_RUN),
]


@pytest.fixture
def page():
    equivalent, known = {"mish, sign: `x` → `-x`": "why"}, {
        "double, sign: `x` → `-x`": "hm"
    }
    return summary(OUTCOMES, equivalent, known, {"relu_dense": "no class"})


@pytest.mark.parametrize(
    "line",
    [
        "| all mutants | 2 of 4 | – |",
        "| without the 1 that are equivalent | 2 of 3 | – |",
        "| those that `run_layer_test` can be called on | 1 of 3 | 1 of 3 |",
        "1 of the killed ended the process or took too long:",
        "- relu_dense.py:3:5, axis: `x` → `-x`: timed out",
        "| axis | 1 | 1 of 1 | – |",
        "| sign | 3 | 1 of 3 | 1 of 3 |",
        "- double.py:3:5, sign: `x` → `-x`: hm",
        "- mish.py:3:5, sign: `x` → `-x`: why",
        "- relu_dense: no class",
    ],
)
def test_page_says(page, line):
    assert line in page.splitlines()


def test_every_mutant_has_its_row():
    read = list(csv.reader(io.StringIO(rows(OUTCOMES))))
    assert len(read) == 5
    assert read[1] == [
        "swish",
        "3",
        "sign",
        "`x` → `-x`",
        "test_contract[a]",
        "AssertionError",
    ]


def test_killed_under_nothing_is_not_survived():
    assert judged(Answer(0, {"failed": None}, "")) == SURVIVED


KILLED = [Outcome(mutant(f"layer_{n}"), "test_contract[a]") for n in range(97)]
EQUAL, KNOWN, NEW = [Outcome(mutant(one), SURVIVED) for one in ("mish", "elu", "new")]
MISH, ELU = EQUAL.mutant.name, KNOWN.mutant.name


@pytest.mark.parametrize(
    ("outcomes", "equal", "said"),
    [
        ([*KILLED, EQUAL, KNOWN], {MISH}, []),
        ([*KILLED, NEW], {MISH}, [f"{NEW.mutant.name}: survives, and no reason"]),
        ([*KILLED, EQUAL], {}, [f"{MISH}: listed as equivalent, and not equal"]),
        ([*KILLED, *[KNOWN] * 6], {MISH}, ["97 of 103 killed are under 97%"]),
        ([*KILLED, *[EQUAL] * 6], {MISH}, ["6 of 103 equivalent are over 5%"]),
        ([], {}, ["0 of 0 killed"]),
    ],
)
def test_what_a_run_must_not_show(outcomes, equal, said):
    found = shortcomings(outcomes, {MISH}, equal, {ELU})
    assert len(found) == len(said)
    assert all(one.startswith(start) for one, start in zip(found, said, strict=True))
