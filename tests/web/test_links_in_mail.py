"""Links that stand in mails: to files that were too large, and to refuse surveys. A GET records nothing."""

from datetime import timedelta

import pytest

from chalicelib.domain.message import Attachment
from chalicelib.usecases.fetch_file import file_link
from chalicelib.usecases.refuse_surveys import unsubscribe_link
from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ticket


@pytest.fixture
def customer(api: Client) -> str:
    return str(new_ticket(api).json["customer_id"])


@pytest.fixture
def path(desk: LocalCloud, customer: str) -> str:
    return unsubscribe_link(desk.desk, customer)


def wants_surveys(api: Client, customer: str) -> bool:
    return bool(api.get(f"/v1/customers/{customer}").json["surveys"])


def test_looking_at_the_page_changes_nothing(stranger: Client, api: Client, customer: str, path: str) -> None:
    for method in ("GET", "HEAD", "GET"):
        assert stranger.send(method, path).status == 200
    assert wants_surveys(api, customer)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (None, ""),
    ],
    ids=["urlencoded", "multipart", "nothing"],
)
def test_one_click_in_a_mail_program_is_enough(
    stranger: Client, api: Client, customer: str, path: str, body: bytes | None, media_type: str
) -> None:
    headers = {"Content-Type": media_type} if media_type else None
    for _ in range(2):
        assert stranger.send("POST", path, body, headers).status == 200
    assert not wants_surveys(api, customer)
    assert api.get(f"/v1/customers/{customer}").json["surveys_refused_at"]
    assert api.patch(f"/v1/customers/{customer}", {"surveys": True}).json["surveys"] is True


def test_the_page_undoes_it_and_so_does_the_desk(stranger: Client, api: Client, customer: str, path: str) -> None:
    assert "We won&#39;t ask you any more" in stranger.form(path, {}).body
    assert 'value="yes"' in stranger.get(path).body
    assert "We will ask you again" in stranger.form(path, {"surveys": "yes"}).body
    assert wants_surveys(api, customer)
    assert api.patch(f"/v1/customers/{customer}", {"surveys": False}).json["surveys"] is False
    assert api.patch(f"/v1/customers/{customer}", {"surveys": True}).json["surveys_refused_at"] is None


def test_a_reader_of_chinese_sees_chinese(stranger: Client, path: str) -> None:
    assert "满意度" in stranger.get(path, {"Accept-Language": "zh-CN"}).body


@pytest.mark.parametrize("address", ["/u/made.up", "/files/made.up"])
def test_a_forged_link_is_nothing(stranger: Client, address: str) -> None:
    for method in ("GET", "POST") if address.startswith("/u") else ("GET",):
        assert stranger.send(method, address).status == 404


def test_a_file_is_fetched_by_a_short_lived_link_until_the_long_one_ends(stranger: Client, desk: LocalCloud) -> None:
    file = Attachment("attachments/7K3F-92QX/m1/0-film.mp4", "Film.mp4", "video/mp4", 9)
    until = desk.clock.now() + timedelta(days=30)
    link = file_link(desk.desk, file, until)
    reply = stranger.get(link)
    assert (reply.status, reply.headers["Cache-Control"], reply.body) == (302, "no-store", "")
    assert "/attachments/7K3F-92QX/m1/0-film.mp4?" in reply.headers["Location"]
    assert "X-Amz-Expires=300" in reply.headers["Location"]
    assert stranger.get(file_link(desk.desk, file, desk.clock.now())).status == 410
