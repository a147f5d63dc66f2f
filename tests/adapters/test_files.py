"""Attachments lie in a private bucket, and leave it as downloads by links that soon end."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.adapters.aws import Aws
from chalicelib.adapters.files import LINK_SECONDS, S3Files, disposition
from chalicelib.domain.errors import NotFound
from chalicelib.domain.message import Attachment


@pytest.fixture
def s3(no_aws_account: None) -> Iterator[Any]:
    with mock_aws():
        client = Aws().client("s3")
        client.create_bucket(Bucket="files")
        yield client


@pytest.fixture
def files(s3: Any) -> S3Files:
    return S3Files(s3, "files")


def test_the_bytes_are_kept_under_a_key_of_their_ticket_and_message(files: S3Files, s3: Any) -> None:
    key = files.keep("7K3F-92QX", "m1", 2, "订单 7.pdf", "application/pdf", b"%PDF")
    assert key == "attachments/7K3F-92QX/m1/2-_7.pdf"
    stored = s3.get_object(Bucket="files", Key=key)
    assert (stored["Body"].read(), stored["ContentType"]) == (b"%PDF", "application/pdf")


def test_the_same_attachment_kept_twice_is_one(files: S3Files, s3: Any) -> None:
    keys = {files.keep("7K3F-92QX", "m1", 0, "a.txt", "text/plain", b"x") for _ in range(2)}
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="files")["Contents"]] == list(keys)


def test_attachments_of_one_name_do_not_overwrite_each_other(files: S3Files) -> None:
    assert len({files.keep("7K3F-92QX", "m1", number, "a.txt", "text/plain", b"x") for number in range(3)}) == 3


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_any_filename_makes_a_key_that_stays_in_its_folder(files: S3Files, filename: str) -> None:
    key = files.keep("7K3F-92QX", "m1", 0, filename, "application/octet-stream", b"x")
    folder, _, name = key.rpartition("/")
    assert folder == "attachments/7K3F-92QX/m1"
    assert name.startswith("0-")
    assert len(key) < 200
    assert key.isascii()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=100))
def test_a_link_is_for_this_file_as_a_download_and_ends_soon(files: S3Files, filename: str) -> None:
    link = urlsplit(files.link(Attachment("attachments/7K3F-92QX/m1/0-a", filename, "text/html", 3)))
    query = parse_qs(link.query)
    assert link.path.endswith("/attachments/7K3F-92QX/m1/0-a")
    assert query["response-content-type"] == ["application/octet-stream"]
    (offered,) = query["response-content-disposition"]
    assert re.fullmatch(r"""attachment; filename="[\w ().+-]+"; filename\*=UTF-8''[\w.~%-]+""", offered, re.ASCII)
    assert query["X-Amz-Expires"] == [str(LINK_SECONDS)]
    assert LINK_SECONDS <= 600


def test_an_upload_becomes_an_attachment_with_the_size_that_it_really_has(files: S3Files, s3: Any) -> None:
    s3.put_object(Bucket="files", Key="uploads/1", Body=b"%PDF")
    claimed = [files.claim("uploads/1", "7K3F-92QX", "m1", 0, "订单 7.pdf", "application/pdf") for _ in range(2)]
    assert claimed[0] == claimed[1]
    assert claimed[0] == Attachment("attachments/7K3F-92QX/m1/0-_7.pdf", "订单 7.pdf", "application/pdf", 4)
    assert files.read(claimed[0]) == b"%PDF"


def test_an_upload_is_what_its_first_bytes_show_however_long_it_is(files: S3Files, s3: Any) -> None:
    for number, (content, kind) in enumerate(
        [(b"<script>" * 400, "application/octet-stream"), (b"\x89PNG\r\n\x1a\n" + b"x" * 5000, "image/png")]
    ):
        s3.put_object(Bucket="files", Key=f"uploads/{number}", Body=content, ContentType="image/png")
        claimed = files.claim(f"uploads/{number}", "7K3F-92QX", "m2", number, "a.png", "image/png")
        assert (claimed.content_type, claimed.size) == (kind, len(content))
        stored = s3.get_object(Bucket="files", Key=claimed.key)
        assert (stored["ContentType"], stored["Body"].read()) == (kind, content)


def test_a_file_that_came_with_a_form_waits_as_an_upload(files: S3Files) -> None:
    files.take("uploads/form", "text/plain", b"Hello")
    assert files.read(files.claim("uploads/form", "7K3F-92QX", "m3", 0, "a.txt", "text/plain")) == b"Hello"


def test_an_upload_that_never_arrived_and_a_file_that_is_gone_are_not_found(files: S3Files) -> None:
    with pytest.raises(NotFound):
        files.claim("uploads/2", "7K3F-92QX", "m1", 0, "a", "text/plain")
    with pytest.raises(NotFound):
        files.read(Attachment("attachments/none", "a", "text/plain", 1))


def test_a_place_for_an_upload_is_signed_for_its_type_and_size(files: S3Files) -> None:
    query = parse_qs(urlsplit(files.upload_link("uploads/1", "image/png", 12)).query)
    assert query["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]
    assert int(query["X-Amz-Expires"][0]) <= 900


@pytest.mark.parametrize(
    ("sent_as", "served_as"),
    [
        ("image/PNG", "image/png"),
        ("application/pdf", "application/pdf"),
        ("image/svg+xml", "application/octet-stream"),
        ("text/html", "application/octet-stream"),
        ("text/html; charset=x\r\n", "application/octet-stream"),
    ],
)
def test_a_link_names_only_types_in_which_nothing_runs(files: S3Files, sent_as: str, served_as: str) -> None:
    query = parse_qs(urlsplit(files.link(Attachment("a/b", "x", sent_as, 3))).query)
    assert query["response-content-type"] == [served_as]


def test_a_download_keeps_its_name() -> None:
    assert disposition('订单 "7".pdf') == (
        "attachment; filename=\"_ _7_.pdf\"; filename*=UTF-8''%E8%AE%A2%E5%8D%95%20%227%22.pdf"
    )


@pytest.mark.parametrize(
    ("endpoint", "region", "beginning"),
    [
        (None, "us-east-1", "https://files.s3.amazonaws.com/a/b?"),
        (None, "eu-central-1", "https://files.s3.eu-central-1.amazonaws.com/a/b?"),
        ("http://localhost:4567", "us-east-1", "http://localhost:4567/files/a/b?"),
    ],
)
def test_a_link_leads_straight_to_the_buckets_region_and_is_signed_for_it(
    no_aws_account: None, endpoint: str | None, region: str, beginning: str
) -> None:
    link = S3Files(Aws(endpoint, region).client("s3"), "files").link(Attachment("a/b", "x", "text/plain", 3))
    assert link.startswith(beginning)
    assert f"%2F{region}%2Fs3%2Faws4_request" in link


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"])
def test_pages_know_where_uploads_go_without_asking_for_a_link(no_aws_account: None, region: str) -> None:
    aws = Aws(region=region)
    link = urlsplit(S3Files(aws.client("s3"), "files").upload_link("uploads/1", "image/png", 12))
    assert aws.origin_of("files") == f"{link.scheme}://{link.netloc}"


def test_on_an_emulator_they_go_there(no_aws_account: None) -> None:
    assert Aws("http://localhost:4567/").origin_of("files") == "http://localhost:4567"
