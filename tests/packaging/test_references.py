"""Who names whom in the merged template: cfn-lint doesn't look into the functions' properties for this."""

import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any


def references(value: Any) -> Iterator[str]:
    """Give every logical id or parameter that a value names by Ref, Fn::GetAtt, Fn::Sub or DependsOn."""
    match value:
        case {"Ref": str(name)}:
            yield name.split(".")[0]  # SAM knows what it makes for an API as RestAPI.Stage
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::Sub": str(text)}:
            yield from placeholders(text)
        case {"Fn::Sub": [str(text), dict(given)]}:
            yield from placeholders(text) - set(given)
            yield from references(list(given.values()))
        case dict():
            yield from value.get("DependsOn", "").split()
            for part in value.values():
                yield from references(part)
        case list():
            for part in value:
                yield from references(part)


def placeholders(text: str) -> set[str]:
    """Give the names in ${Name} and ${Name.Attribute}."""
    return {name.split(".")[0] for name in re.findall(r"\$\{([^}]+)\}", text)}


def test_every_name_stands_for_something(template: dict[str, Any]) -> None:
    known = set(template["Resources"]) | set(template["Parameters"])
    named = {name for name in references(template) if not name.startswith("AWS::")}
    assert named - known == set()


def test_every_parameter_is_used(template: dict[str, Any]) -> None:
    assert set(template["Parameters"]) - set(references(template)) == set()


def test_every_condition_is_there_and_used(template: dict[str, Any]) -> None:
    named = set(re.findall(r"'(?:Condition': '|Fn::If': \[')(\w+)'", str(template)))
    assert named == set(template["Conditions"])


def test_no_resource_waits_for_itself(template: dict[str, Any], resources: dict[str, Any]) -> None:
    everywhere = {name for name in references(template["Globals"]) if name in resources}
    waits = {
        name: {other for other in references(body) if other in resources}
        | (everywhere if body["Type"] == "AWS::Serverless::Function" else set())
        for name, body in resources.items()
    }
    TopologicalSorter(waits).prepare()
