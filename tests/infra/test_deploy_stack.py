"""A desk's stack: half-made ones are refused with their way on, failed changes say what still works."""

import pytest

from infra.deployment import stack, upload
from infra.deployment.problems import DeploymentError
from tests.infra.account import Account, a_stack, event, refusal, session

# ---- the stack


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("ROLLBACK_COMPLETE", "make destroy STAGE=prod"),
        ("REVIEW_IN_PROGRESS", "never got through"),
        ("CREATE_FAILED", "nothing of it works"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
        ("DELETE_FAILED", "finish that"),
        ("UPDATE_IN_PROGRESS", "wait until that has ended"),
        ("DELETE_IN_PROGRESS", "wait until that has ended"),
    ],
)
def test_a_half_made_stack_is_refused_with_its_way_on(status: str, words: str) -> None:
    with pytest.raises(DeploymentError, match=words):
        stack.refuse_unfit(a_stack(status))


@pytest.mark.parametrize("status", sorted(stack.GOOD))
def test_a_stack_at_rest_is_updated(status: str) -> None:
    stack.refuse_unfit(a_stack(status))


def test_a_stack_of_somebody_else_keeps_its_name() -> None:
    with pytest.raises(DeploymentError, match="the name is taken"):
        stack.refuse_unfit(a_stack(outputs={}, tags={"team": "billing"}))


@pytest.mark.parametrize("stage", ["", "Prod", "pro-d", "9lives", "muchtoolong", "../x"])
def test_a_stage_that_cannot_name_a_stack_is_refused(stage: str) -> None:
    with pytest.raises(DeploymentError, match="STAGE="):
        stack.name_of(stage)


def test_where_there_is_no_stack_none_is_read() -> None:
    missing = refusal("ValidationError", "Stack with id pennydesk-prod does not exist")
    account = Account(cloudformation__describe_stacks=missing)
    assert stack.read_stack(session(account), "pennydesk-prod") is None
    with pytest.raises(DeploymentError, match="no stack pennydesk-prod in eu-west-1"):
        stack.working_stack(session(account), "prod")


def test_only_the_first_causes_of_the_latest_change_are_told() -> None:
    events = [
        event("Topic", "CREATE_FAILED", "Resource creation cancelled"),
        event("Bucket", "CREATE_FAILED", "the name\nis taken"),
        event("pennydesk-prod", "CREATE_IN_PROGRESS", "User Initiated"),
        event("Old", "CREATE_FAILED", "of an earlier change"),
    ]
    account = Account(cloudformation__describe_stack_events={"StackEvents": events})
    told = stack.failures(account.client("cloudformation"), "pennydesk-prod")
    assert told == ["  Bucket (AWS::X::Y): the name is taken"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("UPDATE_ROLLBACK_COMPLETE", "the desk runs as before"),
        ("ROLLBACK_COMPLETE", "there is no desk"),
        (None, "No stack was made"),
    ],
)
def test_a_failed_change_says_whether_anything_works(
    status: str | None, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "read_stack", lambda *_: a_stack(status) if status else None)
    monkeypatch.setattr(upload, "failures", lambda *_: ["  Bucket: the name is taken"])
    said = upload._explained(session(Account()), "pennydesk-prod", "aws cloudformation deploy: failed")
    assert said.splitlines()[:2] == ["aws cloudformation deploy: failed", "  Bucket: the name is taken"]
    assert words in said
