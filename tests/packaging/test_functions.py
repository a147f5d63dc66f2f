"""What the packaged functions are given, and what they may do."""

from collections.abc import Iterator
from typing import Any

import pytest

Functions = dict[str, dict[str, Any]]

LOGS = {"APIHandler": "APIHandlerLog", "OnMail": "OnMailLog", "OnWork": "OnWorkLog", "EveryMinute": "EveryMinuteLog"}
MAY_NAME_ALL = {
    "SendMailAsTheDesk": (
        "any verified identity may stand behind the address, in SES's sandbox the recipient's as well, and it goes by "
        "whatever configuration set it has; the condition holds the address itself"
    ),
    "SeeHowAddressesStand": "an owner may name any address of theirs in the settings; it is only looked at",
}


def statements(function: dict[str, Any], resources: dict[str, Any]) -> list[dict[str, Any]]:
    """Give what a function's role allows."""
    role = resources[function["Role"]["Fn::GetAtt"][0]]["Properties"]
    return [entry for policy in role["Policies"] for entry in policy["PolicyDocument"]["Statement"]]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def allowed(function: dict[str, Any], resources: dict[str, Any]) -> set[tuple[str, str]]:
    """Give (action, resource) pairs; a resource is told by the text inside its intrinsic."""
    return {
        (action, str(resource))
        for entry in statements(function, resources)
        for action in as_list(entry["Action"])
        for resource in as_list(entry["Resource"])
    }


def test_there_are_four_functions(functions: Functions) -> None:
    assert set(functions) == set(LOGS)


def test_every_handler_stands_in_app(functions: Functions) -> None:
    handlers = {name: function["Handler"] for name, function in functions.items()}
    assert handlers == {
        "APIHandler": "app.app",
        "OnMail": "app.on_mail",
        "OnWork": "app.on_work",
        "EveryMinute": "app.every_minute",
    }


@pytest.mark.parametrize(("name", "queue"), [("OnMail", "IntakeQueue"), ("OnWork", "WorkQueue")])
def test_a_batch_may_fail_in_part(functions: Functions, name: str, queue: str) -> None:
    [event] = functions[name]["Events"].values()
    assert event["Type"] == "SQS"
    assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert event["Properties"]["Queue"] == {"Fn::Sub": f"${{{queue}.Arn}}"}


def test_a_failed_sweep_is_left_to_the_next_minute(functions: Functions) -> None:
    [event] = functions["EveryMinute"]["Events"].values()
    assert event["Properties"]["Schedule"] == "rate(1 minute)"
    assert functions["EveryMinute"]["EventInvokeConfig"]["MaximumRetryAttempts"] == 0


def test_each_function_has_its_own_memory_and_timeout(functions: Functions) -> None:
    given = {name: (function["MemorySize"], function["Timeout"]) for name, function in functions.items()}
    assert given == {"APIHandler": (512, 29), "OnMail": (512, 60), "OnWork": (512, 60), "EveryMinute": (256, 55)}


@pytest.mark.parametrize(("name", "queue"), [("OnMail", "IntakeQueue"), ("OnWork", "WorkQueue")])
def test_a_queue_hides_a_message_for_six_timeouts(
    functions: Functions, resources: dict[str, Any], name: str, queue: str
) -> None:
    assert resources[queue]["Properties"]["VisibilityTimeout"] >= 6 * functions[name]["Timeout"]


def test_each_function_has_its_own_role(functions: Functions) -> None:
    roles = {function["Role"]["Fn::GetAtt"][0] for function in functions.values()}
    assert len(roles) == len(functions)


def test_a_function_writes_to_its_own_log_only(functions: Functions, resources: dict[str, Any]) -> None:
    for name, log in LOGS.items():
        logging = {pair for pair in allowed(functions[name], resources) if pair[0].startswith("logs:")}
        own = str({"Fn::GetAtt": [log, "Arn"]})
        assert logging == {("logs:CreateLogStream", own), ("logs:PutLogEvents", own)}
        assert functions[name]["LoggingConfig"]["LogGroup"] == {"Ref": log}


def texts(value: Any) -> Iterator[str]:
    """Give every text inside a value made of mappings and lists."""
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from texts(part)
        case list():
            for part in value:
                yield from texts(part)


def test_no_policy_names_all_resources_or_all_actions(functions: Functions, resources: dict[str, Any]) -> None:
    for function in functions.values():
        for entry in statements(function, resources):
            assert not any("*" in action for action in as_list(entry["Action"])), entry["Sid"]
            names = list(texts(entry["Resource"]))
            assert "*" not in names, entry["Sid"]
            open_ended = any(name.endswith("*") and name.startswith("arn:") for name in names)
            assert not open_ended or entry["Sid"] in MAY_NAME_ALL, entry["Sid"]


def test_mail_leaves_only_from_addresses_that_the_owner_named(functions: Functions, resources: dict[str, Any]) -> None:
    senders = {
        name: entry["Condition"]
        for name, function in functions.items()
        for entry in statements(function, resources)
        if any(action.startswith("ses:Send") for action in as_list(entry["Action"]))
    }
    named = [
        {"Ref": "SupportAddress"},
        {"Fn::If": ["HasMoreAddresses", {"Fn::Sub": ",${MoreAddresses}"}, ""]},
        {"Fn::If": ["HasAddressDomain", {"Fn::Sub": ",*@${AddressDomain}"}, ""]},
    ]
    listed = {"Fn::Split": [",", {"Fn::Join": ["", named]}]}
    assert senders == {"OnWork": {"StringLike": {"ses:FromAddress": listed}}}


def test_only_the_sweep_asks_what_is_due(functions: Functions, resources: dict[str, Any]) -> None:
    due = str({"Fn::Sub": "${Desk.Arn}/index/due"})
    readers = {name for name, function in functions.items() if ("dynamodb:Query", due) in allowed(function, resources)}
    assert readers == {"EveryMinute"}


def test_nobody_may_scan(functions: Functions, resources: dict[str, Any]) -> None:
    actions = {action for function in functions.values() for action, _ in allowed(function, resources)}
    assert "dynamodb:Scan" not in actions


def test_workers_know_the_api_s_address_where_no_other_is_given(functions: Functions) -> None:
    for name in ("OnMail", "OnWork"):
        address = functions[name]["Environment"]["Variables"]["PUBLIC_URL"]
        assert address["Fn::If"][0] == "HasPublicUrl"
        assert "${WebDomain}" in address["Fn::If"][2]["Fn::If"][1]["Fn::Sub"]
        assert "${RestAPI}" in address["Fn::If"][2]["Fn::If"][2]["Fn::Sub"]
