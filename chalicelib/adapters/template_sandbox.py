"""A customised template in Jinja2's sandbox: checked when it is saved, filled when a mail leaves.

Beside placeholders there are conditions and a few filters. What could run long or reach further (loops, calls,
assignments, includes, arithmetic, attributes that begin with "_") is refused by the checker, and the sandbox
(jinja.palletsprojects.com, "Sandbox") stands behind it: time and memory stay in proportion to what is filled in.
Importing this module costs Jinja2: only who has a customised template pays.
"""

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.mail_template import OUTPUT_LIMIT, known_in

FILTERS = ("capitalize", "default", "e", "escape", "lower", "title", "trim", "truncate", "upper")
"""None that could make more of a text than it is: `replace`, `center` and `indent` are left out for that."""

TESTS = ("eq", "equalto", "ne")

_ALLOWED: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.If, nodes.CondExpr, nodes.Filter),
    *(nodes.Keyword, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
)


def _environment(part: str) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        autoescape=part == "html", undefined=StrictUndefined, keep_trailing_newline=True, cache_size=0
    )
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.tests = {name: made.tests[name] for name in TESTS}
    return made


_ENVIRONMENTS = {"html": _environment("html"), "text": _environment("text")}


class TooMuch(Exception):
    """What a template comes to is longer than a mail's part may be."""


FAILURES = (TemplateError, TooMuch, ArithmeticError, LookupError, TypeError, ValueError, RecursionError, SyntaxError)
"""What filling can raise, however a template came into the table."""


def check_part(name: str, part: str, source: str) -> None:
    """Raise InvalidInput, naming the part, the line and the remedy, where a template's part can't be used."""
    try:
        _check(_of(part).parse(source), frozenset(known_in(name, part)), part)
        _compiled(part, source)
    except TemplateSyntaxError as error:
        said = (error.message or "can't be read").rstrip(".")
        raise InvalidInput(f"line {error.lineno}: {said[:1].lower()}{said[1:]}", part) from None
    except (SyntaxError, RecursionError, MemoryError):
        raise InvalidInput("is nested too deeply; make it simpler", part) from None


def _check(tree: nodes.Node, known: frozenset[str], part: str) -> None:
    for node in tree.iter_child_nodes():
        if isinstance(node, nodes.Getattr | nodes.Name):
            _check_placeholder(node, known, part)
        elif isinstance(node, _ALLOWED):
            _check(node, known, part)
        else:
            raise InvalidInput(
                f"line {node.lineno}: {type(node).__name__.lower()} can't be used here; a template has placeholders, "
                "{% if %} and filters",
                part,
            )


def _check_placeholder(node: nodes.Getattr | nodes.Name, known: frozenset[str], part: str) -> None:
    named = _path(node)
    if named not in known:
        there = ", ".join(sorted(known))
        raise InvalidInput(f"line {node.lineno}: {named} is no placeholder here; there are {there}", part)


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    return f"{_path(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else "…"


def _of(part: str) -> ImmutableSandboxedEnvironment:
    return _ENVIRONMENTS["html" if part == "html" else "text"]


@lru_cache(maxsize=64)
def _compiled(part: str, source: str) -> Template:
    return _of(part).from_string(source)


def fill_part(part: str, source: str, values: Mapping[str, str]) -> str:
    """Give a template's part with its placeholders filled; in HTML, what isn't HTML yet is escaped.

    Raises one of FAILURES.
    """
    pieces, length = [], 0
    for piece in _compiled(part, source).generate(**_grouped(part, values)):
        length += len(piece)
        if length > OUTPUT_LIMIT:
            raise TooMuch(f"comes to more than {OUTPUT_LIMIT:,} characters")
        pieces.append(piece)
    return "".join(pieces)


def _grouped(part: str, values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = {}
    for name, value in values.items():
        group, _, attribute = name.partition(".")
        ready = Markup if part == "html" and attribute == "html" else str  # ".html" was escaped or sanitized before
        groups.setdefault(group, {})[attribute] = ready(value)
    return groups
