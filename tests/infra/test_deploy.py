"""Deploying says plainly what is in its way, and never passes half a desk off as a whole."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError, NoRegionError, ProfileNotFound

from infra import deploy
from infra.deployment import readiness, tools, upload
from infra.deployment.next_steps import next_steps
from infra.deployment.problems import DeploymentError, in_words, said_by_cli
from infra.first_key import first_key
from infra.local.cloud import LocalCloud
from infra.package import ROOT
from tests.infra.account import ACCOUNT, NO_IDENTITY, OUTPUTS, Account, AlreadyThere, a_stack, refusal, session

# ---- what AWS says


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NoCredentialsError(), "no AWS credentials"),
        (NoRegionError(), "no AWS region is set"),
        (ProfileNotFound(profile="shop"), "shop"),
        (refusal("ExpiredToken"), "sign in again"),
        (refusal("ExpiredTokenException"), "sign in again"),
        (refusal("InvalidClientTokenId"), "doesn't know these credentials"),
        (refusal("AccessDenied", "not authorized", "CreateBucket"), "may not CreateBucket"),
        (refusal("LimitExceeded", "too\nmany"), "DoIt: too many"),
        (ValueError("plain"), "plain"),
    ],
)
def test_every_refusal_of_aws_is_one_line_with_a_way_on(error: Exception, words: str) -> None:
    assert words in in_words(error)
    assert "\n" not in in_words(error)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("An error occurred (ExpiredToken) when calling", "sign-in has ended while this ran"),
        ("An error occurred (SignatureDoesNotMatch)", "doesn't know these credentials"),
        ("\n\nFailed to create\nthe changeset\n", "Failed to create the changeset"),
        ("", "it said nothing"),
    ],
)
def test_the_command_lines_words_become_one_line(said: str, words: str) -> None:
    assert words in said_by_cli(said)


@pytest.mark.parametrize("module", ["deploy", "destroy", "first_key"])
def test_without_credentials_a_command_says_so_in_one_line_and_touches_nothing(module: str, tmp_path: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    alone = {**plain, "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "eu-west-1"}
    words = [sys.executable, "-m", f"infra.{module}", "--stage", "prod"]
    done = subprocess.run(words, env=alone, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("there are no AWS credentials")
    assert done.stderr.count("\n") == 1


# ---- planning and uploading


@pytest.fixture
def fresh() -> Account:
    missing = refusal("ValidationError", "Stack with id pennydesk-prod does not exist")
    return Account(
        sts__get_caller_identity={"Account": ACCOUNT},
        cloudformation__describe_stacks=missing,
        sesv2__get_email_identity=NO_IDENTITY,
    )


def test_a_plan_for_an_empty_account_names_everything_and_changes_nothing(fresh: Account) -> None:
    wish = deploy.Wish(stage="prod", support_address="help@example.com", parameters={"Size": "large"})
    plan = deploy.plan(session(fresh), wish)
    assert (plan.name, plan.account, plan.domain) == ("pennydesk-prod", ACCOUNT, "example.com")
    assert plan.signing_key == "/pennydesk/prod/signing-key"
    assert plan.parameters["Size"] == "large"
    assert not [name for name in fresh.names() if not name.partition(".")[2].startswith(("get_", "describe_"))]


def test_an_update_keeps_what_is_not_named(fresh: Account) -> None:
    present: Mapping[str, Any] = {
        "StackStatus": "UPDATE_COMPLETE",
        "Outputs": [{"OutputKey": name, "OutputValue": value} for name, value in OUTPUTS.items()],
        "Parameters": [
            {"ParameterKey": "MailIn", "ParameterValue": "none"},
            {"ParameterKey": "SigningKeyParameter", "ParameterValue": "/own/key"},
        ],
    }
    fresh.answers["cloudformation.describe_stacks"] = {"Stacks": [present]}
    plan = deploy.plan(session(fresh), deploy.Wish(stage="prod"))
    assert plan.parameters["SupportAddress"] == "support@example.com"
    assert plan.parameters["MailIn"] == "none"
    assert plan.signing_key == "/own/key"


def test_a_signing_key_that_is_there_is_never_touched() -> None:
    account = Account(ssm__put_parameter=AlreadyThere())
    assert upload.ensure_signing_key(session(account), "/pennydesk/prod/signing-key") is False
    assert account.called[0][1].get("Overwrite") is None
    account = Account()
    assert upload.ensure_signing_key(session(account), "/pennydesk/prod/signing-key") is True
    assert len(account.called[0][1]["Value"]) >= 43


def test_an_artifact_bucket_of_somebody_else_is_not_used() -> None:
    account = Account(s3__head_bucket=refusal("403"))
    with pytest.raises(DeploymentError, match=f"pennydesk-artifacts-{ACCOUNT}-eu-west-1 is taken"):
        upload.ensure_artifacts(session(account), ACCOUNT)
    assert account.called[0][1]["ExpectedBucketOwner"] == ACCOUNT


@pytest.mark.parametrize("word", ["Size", "=large", ""])
def test_a_parameter_without_a_name_or_value_is_refused(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy.main(["--set", word]) == 1
    assert "Name=value" in capsys.readouterr().err


# ---- readiness


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    given: list[str] = []
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(readiness, "POLL_SECONDS", 0)
    monkeypatch.setattr("urllib.request.urlopen", lambda url, timeout: io.BytesIO(given.pop(0).encode()))
    return given


ENABLED = {"EventSourceMappings": [{"State": "Enabled"}]}


def test_a_desk_is_ready_when_it_answers_and_its_queues_are_listened_to(answers: list[str]) -> None:
    answers += ["not json", json.dumps({"status": "ok"})]
    account = Account(lambda__list_event_source_mappings=ENABLED)
    readiness.wait_until_ready(session(account), a_stack(), 5)
    assert answers == []


def test_a_desk_whose_queue_nobody_listens_to_is_no_desk(answers: list[str]) -> None:
    answers += [json.dumps({"status": "ok"})] * 2
    account = Account(lambda__list_event_source_mappings={"EventSourceMappings": [{"State": "Disabled"}]})
    with pytest.raises(DeploymentError, match=r"isn't ready.*on-mail isn't called"):
        readiness.wait_until_ready(session(account), a_stack(), -1)


def test_the_next_steps_name_the_very_records() -> None:
    dkim = {"DkimAttributes": {"Tokens": ["abc"]}, "VerifiedForSendingStatus": False}
    account = Account(sesv2__get_email_identity=dkim)
    told = "\n".join(next_steps(session(account), a_stack()))
    assert "abc._domainkey.example.com  CNAME  abc.dkim.amazonses.com" in told
    assert "example.com  MX  10 inbound-smtp.eu-west-1.amazonaws.com" in told
    assert "sandbox" in told
    assert "python -m infra.first_key --stage prod" in told


# ---- the first key, and the tools


def test_the_first_key_opens_the_desk(empty_cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    from boto3.session import Session

    table = a_stack(outputs={"DeskTable": empty_cloud.environment["DESK_TABLE"]})
    monkeypatch.setattr("infra.first_key.working_stack", lambda *_: table)
    secret = first_key(Session(region_name="us-east-1"), "prod", "owner")
    key = empty_cloud.desk.api_keys.find(secret)
    assert key is not None
    assert (key.name, "keys:write" in key.scopes) == ("owner", True)


def test_tools_are_installed_once_and_again_for_other_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[Path] = []

    def install(folder: Path, pins: Any) -> None:
        folder.mkdir()
        (folder / tools.STAMP).touch()
        installed.append(folder)

    monkeypatch.setenv("PENNYDESK_CACHE", str(tmp_path))
    monkeypatch.setattr(tools, "_install", install)
    first = tools.programs("aws", ["awscli==1"])
    assert tools.programs("aws", ["awscli==1"]) == first
    assert tools.programs("aws", ["awscli==2"]) != first
    assert len(installed) == 2
