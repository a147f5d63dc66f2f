"""Dead letters are seen, and go back to work once what made them fail is mended."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from chalicelib.usecases import receive_email, run_agenda
from infra import redrive as redriving
from infra.local import cloud as local_cloud
from infra.local.cloud import LocalCloud
from infra.redrive import NAMES, RedriveError, described, find_queues, main, redrive
from infra.resources import TEMPLATE, create

ROOT = Path(__file__).parents[2]
MAIL = b"From: Jo <jo@customer.org>\r\nTo: support@example.com\r\nSubject: Hi\r\nMessage-ID: <1@x.org>\r\n\r\nHi.\r\n"
MOST_RECEIVES = 5


def fail(*_: Any, **__: Any) -> None:
    raise RuntimeError("this handler always fails")


@pytest.fixture
def impatient_cloud(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> LocalCloud:
    """A cloud in which a failed message is seen again at once."""
    monkeypatch.setattr(local_cloud, "RETRY_SECONDS", 0)
    return cloud


def letters(cloud: LocalCloud, queue: str) -> list[str]:
    return [letter["body"] for letter in cloud.state()["dead_letters"][queue]]


def put_back(cloud: LocalCloud, queue: str) -> int:
    sqs, urls = cloud.desk.aws.client("sqs"), cloud.environment
    return redrive(sqs, urls[f"{queue.upper()}_DEAD_LETTERS_URL"], urls[f"{queue.upper()}_QUEUE_URL"])


def test_work_that_always_fails_is_put_aside_after_five_receives_and_done_after_redrive(
    impatient_cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = impatient_cloud
    with monkeypatch.context() as broken:
        broken.setattr(run_agenda, "run_agenda", fail)
        cloud.receive_mail(MAIL, "jo@customer.org", ["support@example.com"])
        for _ in range(MOST_RECEIVES):
            cloud.pump()
        assert letters(cloud, "work") == []
        cloud.pump()
    (ticket,) = cloud.desk.tickets.queue(["team:"], 10).cards
    assert [json.loads(body) for body in letters(cloud, "work")] == [{"ticket": ticket.ref}]
    assert put_back(cloud, "work") == 1
    assert letters(cloud, "work") == []
    cloud.settle()
    (done,) = cloud.desk.tickets.queue(["agent:ada", "agent:sam"], 10).cards
    assert done.ref == ticket.ref


def test_mail_that_could_not_be_taken_in_becomes_a_ticket_after_redrive(
    impatient_cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = impatient_cloud
    with monkeypatch.context() as broken:
        broken.setattr(receive_email, "receive_email", fail)
        key = cloud.receive_mail(MAIL, "jo@customer.org", ["support@example.com"])
        for _ in range(MOST_RECEIVES + 1):
            cloud.pump()
    assert [described(body) for body in letters(cloud, "intake")] == [f"mail {key}"]
    assert put_back(cloud, "intake") == 1
    cloud.settle()
    assert [card.subject for card in cloud.desk.tickets.queue(["agent:ada", "agent:sam"], 10).cards] == ["Hi"]


@dataclass
class Desk:
    """Two queues on Moto with their dead-letter queues, and nobody who works on them."""

    sqs: Any
    urls: Mapping[str, str]

    def bury(self, queue: str, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.urls[f"{queue.upper()}_DEAD_LETTERS_URL"], MessageBody=body)

    def bodies(self, variable: str) -> list[str]:
        found = []
        while more := self.sqs.receive_message(QueueUrl=self.urls[variable], MaxNumberOfMessages=10).get("Messages"):
            found += [message["Body"] for message in more]
        return sorted(found)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        session = boto3.session.Session()
        queues = {
            f"{name.upper()}_{kind}_URL": f"pennydesk-local-{name}-{queue}"
            for name in ("intake", "work")
            for kind, queue in (("QUEUE", "queue"), ("DEAD_LETTERS", "dead-letters"))
        }
        sqs = session.client("sqs")
        yield Desk(sqs, {name: sqs.create_queue(QueueName=queue)["QueueUrl"] for name, queue in queues.items()})


def run(desk: Desk, *arguments: str, **environment: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments, environment or desk.urls)
    return code, out.getvalue(), err.getvalue()


def test_more_messages_than_one_call_takes_are_all_moved(desk: Desk) -> None:
    bodies = [json.dumps({"ticket": f"7K3F-9{number:03}"}) for number in range(23)]
    desk.bury("work", *bodies)
    assert redrive(desk.sqs, desk.urls["WORK_DEAD_LETTERS_URL"], desk.urls["WORK_QUEUE_URL"]) == 23
    assert desk.bodies("WORK_QUEUE_URL") == bodies
    assert desk.bodies("WORK_DEAD_LETTERS_URL") == []


class DyingBeforeDelete:
    """An SQS client whose process dies between sending a message on and deleting it."""

    def __init__(self, sqs: Any) -> None:
        self._sqs = sqs

    def __getattr__(self, name: str) -> Any:
        if name == "delete_message":
            raise KeyboardInterrupt
        return getattr(self._sqs, name)


def test_a_move_that_dies_halfway_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redriving, "HIDDEN_SECONDS", 0)
    desk.bury("work", '{"ticket": "A"}', '{"ticket": "B"}')
    dying: Any = DyingBeforeDelete(desk.sqs)
    with pytest.raises(KeyboardInterrupt):
        redrive(dying, desk.urls["WORK_DEAD_LETTERS_URL"], desk.urls["WORK_QUEUE_URL"])
    assert redrive(desk.sqs, desk.urls["WORK_DEAD_LETTERS_URL"], desk.urls["WORK_QUEUE_URL"]) == 2
    assert set(desk.bodies("WORK_QUEUE_URL")) == {'{"ticket": "A"}', '{"ticket": "B"}'}


class FailingAgainAtOnce:
    """An SQS client in whose cloud whatever is sent to the queue lands among the dead letters again."""

    def __init__(self, sqs: Any, dead_letters_url: str) -> None:
        self._sqs = sqs
        self._url = dead_letters_url

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sqs, name)

    def send_message(self, **request: Any) -> Any:
        return self._sqs.send_message(**{**request, "QueueUrl": self._url})


def test_what_fails_again_meanwhile_is_not_moved_in_circles(desk: Desk) -> None:
    desk.bury("work", '{"ticket": "A"}')
    circular: Any = FailingAgainAtOnce(desk.sqs, desk.urls["WORK_DEAD_LETTERS_URL"])
    assert redrive(circular, desk.urls["WORK_DEAD_LETTERS_URL"], desk.urls["WORK_QUEUE_URL"]) == 1


@dataclass
class SqsThatMoves:
    """What AWS answers where StartMessageMoveTask is known: a task that is seen running before it ends."""

    ends_as: str = "COMPLETED"
    seen: list[str] = field(default_factory=list)

    def get_queue_attributes(self, **request: Any) -> Any:
        return {"Attributes": {"QueueArn": f"arn:{request['QueueUrl']}"}}

    def start_message_move_task(self, **request: str) -> None:
        assert request == {"SourceArn": "arn:dead", "DestinationArn": "arn:queue"}

    def list_message_move_tasks(self, **_: Any) -> Any:
        self.seen.append("RUNNING" if len(self.seen) < 2 else self.ends_as)
        task = {"Status": self.seen[-1], "FailureReason": "AccessDenied"}
        return {"Results": [task | {"ApproximateNumberOfMessagesMoved": len(self.seen)}]}


def test_sqs_moves_by_itself_where_it_can_and_is_watched_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redriving, "POLL_SECONDS", 0)
    aws: Any = SqsThatMoves()
    assert redrive(aws, "dead", "queue") == 3
    assert aws.seen == ["RUNNING", "RUNNING", "COMPLETED"]


def test_a_move_that_sqs_breaks_off_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redriving, "POLL_SECONDS", 0)
    aws: Any = SqsThatMoves(ends_as="FAILED")
    with pytest.raises(RedriveError, match="FAILED after 3 messages: AccessDenied"):
        redrive(aws, "dead", "queue")


def test_a_move_that_takes_too_long_goes_on_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redriving, "MOST_WAIT_SECONDS", 0)
    aws: Any = SqsThatMoves()
    with pytest.raises(RedriveError, match="goes on by itself"):
        redrive(aws, "dead", "queue")


def test_a_dry_run_shows_keys_and_references_and_moves_nothing(desk: Desk) -> None:
    stored = {"s3": {"bucket": {"name": "mail"}, "object": {"key": "inbound/3f"}}}
    desk.bury("intake", json.dumps({"Records": [stored]}))
    desk.bury("work", '{"ticket": "7K3F-92QX"}', "Dear desk, I am jo@customer.org")
    code, out, err = run(desk, "both", "--dry-run")
    assert (code, err) == (0, "")
    assert "intake: 1 dead letter\n  mail inbound/3f, sent 2" in out
    assert "work: 2 dead letters\n" in out
    assert "  ticket 7K3F-92QX, sent 2" in out
    assert "31 characters that name neither a mail nor a ticket" in out
    assert "jo@customer.org" not in out
    assert desk.bodies("WORK_QUEUE_URL") == []


def test_one_queue_is_shown_and_emptied_and_the_other_left(desk: Desk) -> None:
    desk.bury("intake", "{}")
    desk.bury("work", '{"ticket": "A"}')
    code, out, _ = run(desk, "work")
    assert code == 0
    assert out.splitlines()[0] == "work: 1 dead letter"
    assert out.splitlines()[-1] == "work: 1 put back"
    assert run(desk, "work")[1].splitlines() == ["work: no dead letters", "work: 0 put back"]
    assert desk.bodies("INTAKE_DEAD_LETTERS_URL") == ["{}"]


@pytest.mark.parametrize("body", ["", "[]", "7", "null", '"x"', '{"ticket": 7}', '{"Records": 7}', '{"Records": [7]}'])
def test_any_body_is_described(body: str) -> None:
    assert "characters that name neither" in described(body)


def test_the_queues_of_a_deployed_desk_are_those_its_stack_puts_out(desk: Desk) -> None:
    promised = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))["Outputs"]
    variables = {name: re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper() for name in promised if name.endswith("Url")}
    outputs = {name: {"Value": desk.urls[variable]} for name, variable in variables.items()}
    template = {"Resources": {"Any": {"Type": "AWS::SQS::Queue"}}, "Outputs": outputs}
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(StackName="pennydesk-prod", TemplateBody=json.dumps(template))
    desk.bury("work", '{"ticket": "A"}')
    assert run(desk, "work", "--stage", "prod")[1].splitlines()[-1] == "work: 1 put back"
    assert run(desk, "work", HOME="/")[1].splitlines()[-1] == "work: 0 put back"


def test_a_local_desks_queues_on_an_emulator_are_found_by_name(desk: Desk) -> None:
    made = create(boto3.session.Session())
    found = find_queues(NAMES, "", {"AWS_ENDPOINT_URL": "x"}, boto3.session.Session())
    assert {pair.queue_url for pair in found} == {made["INTAKE_QUEUE_URL"], made["WORK_QUEUE_URL"]}


def test_what_is_missing_is_told_in_one_line(desk: Desk) -> None:
    for arguments, environment, told in (
        (("work",), {"WORK_QUEUE_URL": "x"}, "the environment doesn't name WORK_DEAD_LETTERS_URL"),
        (("work", "--stage", "beta"), {}, "pennydesk-beta does not exist"),
        (
            ("work",),
            {"WORK_QUEUE_URL": "http://127.0.0.1/1/x", "WORK_DEAD_LETTERS_URL": "http://127.0.0.1/1/y"},
            "exist",
        ),
    ):
        code, out, err = run(desk, *arguments, **environment)
        assert (code, out) == (1, "")
        assert told in err
        assert err.count("\n") == 1


def without_aws(**more: str) -> dict[str, str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "INTAKE_", "WORK_"))}
    nowhere = {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    return {**bare, **nowhere, "AWS_EC2_METADATA_DISABLED": "true", **more}


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "no AWS region is set"),
        ({"AWS_DEFAULT_REGION": "us-east-1"}, "there are no AWS credentials"),
        ({"AWS_PROFILE": "nobody"}, "nobody"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}, "http://127.0.0.1:9"),
    ],
)
def test_a_machine_without_access_gets_one_line_and_no_trace(environment: dict[str, str], told: str) -> None:
    command = [sys.executable, "-m", "infra.redrive", "both"]
    ended = subprocess.run(
        command, cwd=ROOT, env=without_aws(**environment), capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 1
    assert told in ended.stderr
    assert ended.stderr.count("\n") == 1
