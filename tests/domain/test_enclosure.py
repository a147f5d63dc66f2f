"""A mail takes the files for which it has room; the others go as links, and none is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.enclosure import FILES_IN_A_MAIL, enclosed, size_in_mail
from chalicelib.domain.message import Attachment

FILES = st.lists(
    st.builds(
        Attachment,
        key=st.uuids().map(str),
        filename=st.sampled_from(["a.pdf", "b.exe", "c"]),
        content_type=st.just("x/y"),
        size=st.integers(0, 5_000_000),
        inline=st.booleans(),
    ),
    max_size=20,
)


def file(name: str, size: int, *, inline: bool = False) -> Attachment:
    return Attachment(f"attachments/{name}", name, "application/pdf", size, inline)


@given(FILES, st.integers(0, 20_000_000))
def test_no_file_is_lost_and_those_inside_fit(files: list[Attachment], room: int) -> None:
    parted = enclosed(files, room)
    assert sorted((*parted.inside, *parted.linked), key=files.index) == files
    assert sum(size_in_mail(one.size) for one in parted.inside) <= room
    assert not any(one.filename.endswith(".exe") for one in parted.inside)


def test_pictures_come_first_and_what_is_too_large_leaves_room_for_smaller_ones() -> None:
    large, small, picture = file("large", 900_000), file("small", 100_000), file("picture", 500_000, inline=True)
    parted = enclosed((large, small, picture), 1_000_000)
    assert (parted.inside, parted.linked) == ((small, picture), (large,))


@pytest.mark.parametrize("name", ["setup.exe", "SETUP.EXE", "x.tar.vbs", "x.js ", "x.ps1."])
def test_what_makes_ses_refuse_a_mail_goes_as_a_link(name: str) -> None:
    assert enclosed([file(name, 10)], 1_000_000).inside == ()


def test_a_mail_has_a_bounded_number_of_parts() -> None:
    parted = enclosed([file(f"{number}", 1) for number in range(FILES_IN_A_MAIL + 5)], 10_000_000)
    assert len(parted.linked) == 5
