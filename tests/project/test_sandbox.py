"""A project's own templates reach nothing but their plan, and what they do is counted."""

import os

import jinja2
import pytest
from jinja2.sandbox import SandboxedEnvironment
from project_folder import TABLE, spec

from layergen import rendering
from layergen.gallery import names, text
from layergen.layout import sandbox, templates
from layergen.layout.own_templates import LIMIT, OwnTemplates, read_own
from layergen.layout.sandbox import Excess, Sandbox
from layergen.loading import read_spec
from layergen.resources import templates_folder

BREAKS_OUT = '{{ cycler.__init__.__globals__.os.system("touch PWNED") }}'
HOSTILE_SPEC = """\
layer: L
args:
  units: int
inputs: [batch, features]
outputs: [batch, units]
weights:
  kernel: [features, units]
forward: ops.sin(x) @ kernel
"""
COMMANDS = [
    ("lint", "specs/l.yaml"),
    ("generate",),
    ("generate", "--check"),
    ("generate", "--dry-run"),
    ("generate", "--diff"),
    ("generate", "--out", "out"),
    ("generate", "specs/l.yaml", "--jobs", "2"),
    ("status",),
]


class Plan:
    """Something with a method, as a plan may hold."""

    def act(self):
        raise AssertionError("it was called")


def laid_out(text, **others):
    loader = jinja2.DictLoader({"t": text, **others})
    made = Sandbox(loader=loader, undefined=jinja2.StrictUndefined, optimized=False)
    return made.lay_out("t", {"p": Plan()}), made.steps


@pytest.fixture
def hostile(project):
    project.write("pyproject.toml", f'{TABLE}templates = "t"\n')
    project.write("specs/l.yaml", HOSTILE_SPEC)
    project.write("t/layer/class.py.j2", BREAKS_OUT + "\n")
    project.write("src/ours/l.py", "# There, so that there is something to compare.\n")
    return project


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_of_a_template_runs(hostile, command):
    before = hostile.files()
    code, out, err = hostile.run(*command)
    assert hostile.files() == before
    assert (code, out) == (2, "") or command == ("status",)
    told = "access to attribute '__init__' of 'type' object is unsafe."
    assert err == f"Error: t/layer/class.py.j2:1: {told}\n"


def test_a_plain_environment_would_have_run_it(hostile, monkeypatch):
    """The check above can fail."""

    class Plain(jinja2.Environment):
        def add(self, more, cost=1):
            self.filters |= more

        add_of_text = add

        def lay_out(self, name, plans):
            return self.get_template(name).render(plans)

    monkeypatch.setattr(sandbox, "Sandbox", Plain)
    templates.layout.cache_clear()
    hostile.run("lint", "specs/l.yaml")
    templates.layout.cache_clear()
    assert (hostile / "PWNED").exists()


@pytest.mark.parametrize(
    "text",
    [
        BREAKS_OUT,
        "{{ p.act() }}",
        "{{ p.__class__ }}",
        '{{ p["__class__"] }}',
        "{{ self.__init__ }}",
        "{{ p.act.__func__ }}",
        "{{ lipsum(3) }}",
        '{{ "{0.__class__}".format(p) }}',
        '{{ "{a.__class__}".format_map({"a": p}) }}',
        '{{ "%s" % p }}',
        '{{ p | attr("act") }}',
        '{{ ["1"] | random }}',
        "{% autoescape true %}{% endautoescape %}",
        '{{ [p] | map("upper") | list }}',
        "{% set x = [] %}{{ x.append(1) }}",
        "{{ p }}",
        "{{ [1] }}",
        "{{ p ~ 1 }}",
        "{{ [p] | join }}",
        '{{ "".join([p]) }}',
        '{% macro m() %}{% endmacro %}{{ m._func("x") }}',
        "{% for a in [1] %}{{ loop._iterable }}{% endfor %}",
    ],
)
def test_what_a_template_does_not_reach(text):
    with pytest.raises((jinja2.TemplateError, TypeError)):
        laid_out(text)


def test_what_templates_do():
    loop = (
        "{% for a, b in {'x': 1}.items() %}{{ a }}{{ b }}{{ loop.length }}{% endfor %}"
    )
    texts = '{{ "a" ~ 1 ~ none }}{{ [1, 2] | join("_") }}{{ "_".join(["b", "c"]) }}'
    blocks = "{% filter upper %}d{% endfilter %}{% set x | upper %}e{% endset %}{{ x }}"
    macro = "{% macro m(a) %}{{ a }}{{ caller() }}{{ varargs | join }}{% endmacro %}"
    called = "{% call m(3, 4) %}f{% endcall %}"
    made = (
        '{{ [3, 1] | sort | map("string") | join("_") }}{{ "abc"[1:] }}{{ (5, 6)[0] }}'
    )
    logic = (
        '{{ 1 < 2 < 3 }}{{ "x" is string }}{{ "a b".split() | last }}{{ 2 ** 3 - 1 }}'
    )
    more = '{% include ["no", "inc"] %}{% import "inc" as k %}{{ k.v }}'
    state = "{% set n = namespace(k=0) %}{% for i in range(4) %}{% set n.k = n.k + i %}"
    text = loop + texts + blocks + macro + called + made + logic + more + state
    text += '{% endfor %}{{ n.k }}{{ "a" | replace("a", "g") }}{{ "%d" | length }}'
    found, _ = laid_out(text, inc="{% set v = 7 %}h")
    assert found == "x11a1None1_2b_cDE3f41_3bc5TrueTrueb7h76g2"


GROWTH = {
    "loops": "{% for a in range(N) %}{% for b in range(N) %}{% endfor %}{% endfor %}",
    "loops in loops": (
        "{% for a in range(N) recursive %}"
        "{% if loop.depth < 3 %}{{ loop(range(N)) }}{% endif %}{% endfor %}"
    ),
    "repeated text": '{% set x = "a" * N * N %}',
    "repeated list": "{% set x = N * ([1] * N) %}",
    "text by itself": (
        '{% set n = namespace(x="ab") %}'
        "{% for i in range(N // 3) %}{% set n.x = n.x ~ n.x %}{% endfor %}"
    ),
    "lists of lists": (
        "{% set n = namespace(x=[1]) %}"
        "{% for i in range(N // 3) %}{% set n.x = [n.x, n.x] %}{% endfor %}"
    ),
    "mappings of mappings": (
        "{% set n = namespace(x=1) %}"
        "{% for i in range(N // 3) %}{% set n.x = {1: n.x, 2: n.x} %}{% endfor %}"
    ),
    "calls": (
        "{% set n = namespace(k=0) %}{% macro m() %}{% set n.k = n.k + 1 %}"
        "{% if n.k < N // 3 %}{{ m() }}{{ m() }}{% endif %}{% set n.k = n.k - 1 %}"
        "{% endmacro %}{{ m() }}"
    ),
    "includes": (
        "{% if n is not defined %}{% set n = namespace(k=0) %}{% endif %}"
        "{% set n.k = n.k + 1 %}{% if n.k < N // 4 %}"
        '{% include "t" %}{% include "t" %}{% endif %}{% set n.k = n.k - 1 %}'
    ),
    "joined": '{% set x = range(N) | join("a" * N * 2) %}',
    "joined by a method": '{% set x = ("a" * N * 2).join("b" * N) %}',
    "replaced": '{% set s = "a" * N * 2 %}{% set x = s | replace("a", s) %}',
    "replaced by a method": '{% set s = "a" * N * 2 %}{% set x = s.replace("", s) %}',
    "indented": '{% set x = ("\\nb" * N * N) | indent(N) %}',
    "compared": (
        '{% set s = "a" * N * 2 %}'
        "{% for i in range(N) %}{% if s == s ~ 1 %}{% endif %}{% endfor %}"
    ),
    "tested": (
        '{% set s = "A" * N * 2 %}'
        "{% for i in range(N) %}{% if s is upper %}{% endif %}{% endfor %}"
    ),
    "sought": (
        "{% for i in range(N) %}{% if 'a' in range(N * 2) %}{% endif %}{% endfor %}"
    ),
    "cut": (
        '{% set s = "a" * N * 2 %}'
        "{% for i in range(N) %}{% set x = s[1:] %}{% endfor %}"
    ),
    "printed": '{% for i in range(N) %}{{ "a" * N }}#{% endfor %}',
    "plain text": "{% for i in range(N) %}" + "#" * 40 + "{% endfor %}",
}


@pytest.mark.parametrize("text", GROWTH.values(), ids=GROWTH)
def test_what_grows_is_counted(text, monkeypatch):
    """A little of each is laid out; more of it takes more steps; and there is an end."""
    little = laid_out(text.replace("N", "6"))[1]
    monkeypatch.setattr(sandbox, "STEPS", 10**9)
    more = laid_out(text.replace("N", "24"))[1]
    assert more > 2 * little
    monkeypatch.setattr(sandbox, "STEPS", more - 1)
    with pytest.raises(Excess, match="laying out a file takes more than"):
        laid_out(text.replace("N", "24"))


@pytest.mark.parametrize(
    "text",
    [
        '{{ "a" * 10 ** 12 }}',
        "{% set x = 10 ** 12 * [1] %}",
        "{{ 10 ** (10 ** 10) }}",
        "{% set n = namespace(x=3) %}"
        "{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}",
        "{% set x = range(10 ** 12) | list %}",
        '{{ "a" | indent(10 ** 12) }}',
        '{% set s = "a" * 300000 %}{% set x = s | replace("a", s) %}',
        '{% set s = "a" * 300000 %}{% set x = range(100000) | join(s) %}',
        '{{ "a" * 300000 }}',
    ],
)
def test_what_is_too_much_is_not_begun(text):
    with pytest.raises((Excess, OverflowError)):
        laid_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        '{% include "t" %}',
        "{% block a %}{{ self.a() }}{% endblock %}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ " + "not " * 20000 + "1 }}",
        "{% if 1 %}" * 1000 + "{% endif %}" * 1000,
    ],
)
def test_what_is_too_deep_comes_to_an_end(text):
    with pytest.raises(RecursionError):
        laid_out(text)


def test_what_is_no_python_is_not_laid_out():
    """Black takes a minute over as many brackets, and Python's own parser no time."""
    with pytest.raises(SyntaxError):
        laid_out('{{ "(" * 100000 }}')


def test_shipped_templates_lay_out_the_same(tmp_path):
    """The sandbox changes no text, and takes but a small part of its steps for one."""
    folder = tmp_path / "mine"
    for path in (templates_folder() / "layer").iterdir():
        (folder / "layer").mkdir(parents=True, exist_ok=True)
        (folder / "layer" / path.name).write_text(path.read_text())
    own = read_own(folder, tmp_path)
    layout = templates.layout(own)
    assert isinstance(layout.__self__, SandboxedEnvironment)
    for name in names():
        read = read_spec(text(name), "a.yaml", name).spec
        assert rendering.render(read, templates=own) == rendering.render(read)
        assert layout.__self__.steps < sandbox.STEPS / 20


def test_every_file_has_the_line_by_which_it_is_known():
    own = OwnTemplates(templates_folder(), (("layer/class.py.j2", "import keras\n"),))
    read = read_spec(text("swish_dense"), "a.yaml", "swish_dense").spec
    made = rendering.render(read, "class", templates=own)["swish_dense.py"]
    assert made == (
        "# Generated by layergen from swish_dense.yaml: change that, then `layergen "
        "generate`.\nimport keras\n"
    )


def refused(project, told):
    before = project.files()
    for command in (["generate"], ["lint", "specs/gate.yaml"], ["status"]):
        code, out, err = project.run(*command)
        assert (code, out, err) == (2, "", f"Error: {told}\n")
    assert project.files() == before


@pytest.fixture
def own(project):
    project.write("specs/gate.yaml", spec("Gate"))
    project.write("pyproject.toml", f'{TABLE}templates = "mine"\n')
    (project / "mine/layer").mkdir(parents=True)
    return project


def test_a_template_that_leads_out(own, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("{% if my own secret %}")
    (own / "mine/layer/class.py.j2").symlink_to(secret)
    told = f"mine/layer/class.py.j2 leads out of the project, to {secret}."
    refused(own, told)


@pytest.mark.parametrize("part", ["mine", "mine/layer"])
def test_a_folder_of_templates_that_leads_out(own, tmp_path, part):
    outside = tmp_path / "outside"
    (outside / "layer").mkdir(parents=True)
    (outside / "layer/class.py.j2").write_text("{% if my own secret %}")
    (own / "mine/layer").rmdir()
    if part == "mine":
        (own / "mine").rmdir()
    target = outside if part == "mine" else outside / "layer"
    (own / part).symlink_to(target)
    refused(own, f"{part} leads out of the project, to {target}.")


def test_a_template_that_leads_nowhere(own):
    (own / "mine/layer/class.py.j2").symlink_to("nowhere")
    refused(own, "mine/layer/class.py.j2 is a link that leads nowhere.")


def test_a_link_within_the_project(own):
    shipped = (templates_folder() / "layer/class.py.j2").read_text()
    own.write("layouts/class.j2", shipped + "# Ours.\n")
    (own / "mine/layer/class.py.j2").symlink_to("../../layouts/class.j2")
    assert own.run("generate")[0] == 0
    assert (own / "src/ours/gate.py").read_text().endswith("# Ours.\n")


def test_a_template_that_is_no_file(own):
    os.mkfifo(own / "mine/layer/class.py.j2")
    refused(own, "cannot read mine/layer/class.py.j2: it is a pipe, no file.")


def test_a_template_that_is_too_long(own):
    own.write("mine/layer/class.py.j2", "#" * (LIMIT + 1))
    refused(own, "cannot read mine/layer/class.py.j2: it has more than 65,536 bytes.")


def test_a_template_that_is_too_deep(own):
    own.write("mine/layer/class.py.j2", "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}")
    refused(own, "mine/layer/class.py.j2 is nested too deeply.")
