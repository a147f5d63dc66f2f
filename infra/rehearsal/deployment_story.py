"""The deployment's part of the story: made, given its first key, updated and taken away by the owner's commands."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from boto3.session import Session
from botocore.exceptions import ClientError

from infra.package import ROOT
from infra.rehearsal.desk import JO, KIM, STAGE, SUPPORT, Desk, StepFailed, expect, wait_for
from infra.rehearsal.differences import lift_what_the_emulator_does_not_know
from infra.rehearsal.emulator import architecture

NEWER = "0.0.0+rehearsal"
HOST, CERTIFICATE = "help.desk.example", "arn:aws:acm:us-east-1:000000000000:certificate/rehearsal"


def deploy(desk: Desk, root: Path = ROOT, *more: str) -> None:
    """Package and deploy by the owner's command."""
    options = ["--support-address", SUPPORT, "--mail-in", "none", "--architecture", architecture()]
    said = desk.command("infra.deploy", *options, "--set", "MonthlyBudget=0", *more, root=root)
    expect("is ready" in said, "the deployment says that the desk is ready", said)
    lift_what_the_emulator_does_not_know(desk)


def first_key(desk: Desk) -> None:
    """The owner gets an API key, and a stranger to the account gets nothing: policies are enforced."""
    desk.key = desk.command("infra.first_key").strip()
    iam: Any = desk.session.client("iam")
    iam.create_user(UserName="stranger")
    made = iam.create_access_key(UserName="stranger")["AccessKey"]
    stranger = Session(made["AccessKeyId"], made["SecretAccessKey"]).client("dynamodb")
    key = {"pk": {"S": "desk"}, "sk": {"S": "settings"}}
    try:
        stranger.get_item(TableName=desk.stack.outputs["DeskTable"], Key=key)
    except ClientError as error:
        expect("AccessDenied" in str(error), "a stranger is refused", error)
        return
    raise StepFailed("a user without any policy read the table: the emulator enforces none")


def update_in_place(desk: Desk) -> None:
    """A newer version and a changed parameter are deployed by the same command: new code answers, all data is there."""
    before = (desk.stack.outputs["DeskTable"], desk.tickets_of(JO))
    with tempfile.TemporaryDirectory() as scratch:
        newer = _newer_copy(Path(scratch))
        deploy(desk, newer, "LogRetentionDays=14", f"WebDomain={HOST}", f"WebCertificate={CERTIFICATE}")
    wait_for("the new code answers", lambda: desk.api("GET", "/v1/health")["version"] == NEWER)
    expect(desk.stack.outputs.get("WebHostTarget", "") != "", "the new host name has a target for its CNAME")
    after = (desk.stack.outputs["DeskTable"], desk.tickets_of(JO))
    expect(after == before, "table and tickets are as before", after)
    ref = desk.opened(KIM, subject="After the update")
    wait_for("new tickets are worked on", lambda: desk.api("GET", f"/v1/tickets/{ref}")["assignee_id"])


def _newer_copy(folder: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("chalicelib", "infra", ".chalice"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("app.py", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    module = folder / "chalicelib" / "__init__.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(f'{text}\n__version__ = "{NEWER}"\n', encoding="utf-8")
    return folder


def destroy(desk: Desk) -> None:
    """The stack goes, its data stays; asked for twice, the data goes too."""
    outputs = desk.stack.outputs
    table = desk.session.client("dynamodb")
    said = desk.command("infra.destroy")
    expect("Kept" in said and outputs["DeskTable"] in said, "what is kept is named", said)
    key = {"pk": {"S": f"ticket#{desk.known['mail']}"}, "sk": {"S": "ticket"}}
    expect("Item" in table.get_item(TableName=outputs["DeskTable"], Key=key), "the tickets are still there")
    mails = desk.session.client("s3").list_objects_v2(Bucket=outputs["MailBucketName"])
    expect(mails["KeyCount"] > 0, "the mails are still there")
    desk.command("infra.destroy", "--delete-data", expected=1)
    expect("Item" in table.get_item(TableName=outputs["DeskTable"], Key=key), "asked for once, data stays")
    desk.command("infra.destroy", "--delete-data", "--really", f"pennydesk-{STAGE}")
    left = desk.command("infra.destroy")
    expect("Nothing of it is left" in left, "asked for twice, everything is gone", left)
