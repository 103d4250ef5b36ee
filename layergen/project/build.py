"""From a spec's text to the text of its files, with every problem on the way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from layergen import interrupts
from layergen.errors import UserError
from layergen.problems import Place, Problem, SpecError
from layergen.project.config import Config
from layergen.project.source import Source, read_source

if TYPE_CHECKING:
    from layergen.project.variables import Variable

Formatted = Callable[[list[dict[str, str]]], list[dict[str, str]]]

# Fewer specs are rendered sooner than other processes are started.
MANY = 40


class Build(Struct, frozen=True):
    """What came of a source: file names with their text, none where it has errors.

    `layer` is the class, `exports` are the names that the module is imported for,
    `neighbours` the classes that it imports from other specs' modules, each with the place
    where the spec names it first, also where it has errors, and `variables` what files saved from trained models hold; what is not `proven` has values
    that nothing is compared with.
    """

    source: Source
    problems: tuple[Problem, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    layer: str = ""
    exports: tuple[str, ...] = ()
    neighbours: Mapping[str, Place] = field(default_factory=dict)
    variables: tuple[Variable, ...] = ()
    proven: bool = True

    @property
    def saved(self) -> tuple[str, ...]:
        """The variables as the lock records them."""
        return tuple(variable.text for variable in self.variables)

    @property
    def failed(self) -> bool:
        return not self.files

    def refused(self, problems: Iterable[Problem]) -> Build:
        """The same with further problems, for which it has no files."""
        found = sorted((*self.problems, *problems), key=lambda one: one.place)
        return Build(self.source, tuple(found), neighbours=self.neighbours)


def build(source: Source, config: Config) -> Build:
    """Read a spec, render it and format that."""
    return _built(source, config, config.formatter.formatted)


def lay_out(source: Source, config: Config) -> Build:
    """Read a spec and render it, formatted by nobody."""
    return _built(source, config, list)


def _built(source: Source, config: Config, formatted: Formatted) -> Build:
    from layergen.loading import read_spec

    reading = read_spec(source.text, source.file, source.stem, config.style)
    spec = reading.spec
    if spec is None:
        return Build(source, reading.problems, neighbours=reading.neighbours)
    from layergen.project.variables import variables
    from layergen.rendering import laid_out

    try:
        files = laid_out(
            spec,
            register_as=config.register_as,
            line_length=config.formatter.line_length,
            templates=config.templates,
            package=config.package,
        )
        [files] = formatted([files])
    except UserError:
        raise
    except SpecError as error:
        problems = (*reading.problems, *error.problems)
        return Build(source, problems, neighbours=reading.neighbours)
    except Exception as error:
        # Templates of the user's own are code of the user's own.
        if config.templates is None:
            raise
        from layergen.layout.own_templates import failure

        raise UserError(f"{failure(error, config.templates.folder)}.") from error
    names = {"class": (spec.layer,), "functional": (spec.stem,)}
    exports = names.get(spec.style, (spec.layer, spec.stem))
    return Build(
        source,
        tuple(reading.problems),
        files,
        spec.layer,
        exports,
        reading.neighbours,
        variables(spec),
        spec.is_proven,
    )


def build_each(
    sources: Sequence[Source],
    config: Config,
    jobs: int | None = None,
    seen: Callable[[Iterator[Build]], Iterable[Build]] = iter,
) -> list[Build]:
    """Build specs in as many processes as asked for, in order.

    Without a number of `jobs`: a process for each core where there are many specs. Builds
    pass through `seen` as they come.
    """
    if not config.formatter.at_once:
        return [*seen(_each(build, sources, config, jobs))]
    builds = [*seen(_each(lay_out, sources, config, jobs))]
    done = [one for one in builds if not one.failed]
    texts = iter(config.formatter.formatted([{**one.files} for one in done]))
    return [one if one.failed else replace(one, files=next(texts)) for one in builds]


def _each(
    one: Callable[[Source, Config], Build],
    sources: Sequence[Source],
    config: Config,
    jobs: int | None,
) -> Iterator[Build]:
    if jobs is None:
        jobs = _cores() if len(sources) >= MANY else 1
    if jobs == 1 or len(sources) < 3:
        yield from (one(source, config) for source in sources)
        return
    import gc
    import multiprocessing

    # What the first takes is then imported, and compiled, for every process. All that is
    # there to stay, and needs no looking through for garbage.
    first, *others = sources
    yield one(first, config)
    gc.freeze()
    size = max(1, min(25, len(others) // (4 * jobs)))
    with interrupts.held():
        pool = multiprocessing.Pool(min(jobs, len(others)), _begin)
    with pool:
        yield from pool.imap(partial(_call, one, config), others, size)


def _begin() -> None:
    """Begin a process of the pool: it leaves Ctrl-C to the one that has started it.

    Trees of syntax are many small things that are seldom garbage before all of them are.
    """
    import gc

    interrupts.leave_to_parent()
    gc.set_threshold(10_000)


def _call(
    one: Callable[[Source, Config], Build], config: Config, source: Source
) -> Build:
    return one(source, config)


def _cores() -> int:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def lay_out_all(
    paths: Iterable[Path], config: Config
) -> tuple[list[Build], list[UserError]]:
    """Lay out the specs in files; with what came of them, the files that are no specs."""
    builds: list[Build] = []
    unread: list[UserError] = []
    for path in paths:
        try:
            builds.append(lay_out(read_source(path), config))
        except UserError as error:
            unread.append(error)
    return builds, unread
