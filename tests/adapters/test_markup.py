"""HTML that agents write: cleaned, said in plain text, its pictures taken out."""

from chalicelib.adapters.markup import SafeMarkup
from chalicelib.domain.email import OutboundFile

DOT = "iVBORw0KGgo="


def test_it_is_cleaned_as_received_mail_is() -> None:
    html = SafeMarkup().cleaned('<p onclick="x()">Hi<script>alert(1)</script> <a href="javascript:x">x</a></p>')
    assert "script" not in html
    assert "onclick" not in html
    assert SafeMarkup().text_of(html) == "Hi x"


def test_pictures_that_are_written_in_become_files_each_once() -> None:
    picture = f'<img src="data:image/PNG;base64,{DOT}" alt="dot">'
    html, files = SafeMarkup().pictures_apart(SafeMarkup().cleaned(f"<p>{picture}{picture}</p>"))
    assert [(file.filename, file.content_type, file.content) for file in files] == [
        ("picture-1.png", "image/png", b"\x89PNG\r\n\x1a\n")
    ]
    assert html.count(f'src="cid:{files[0].content_id}"') == 2
    assert "data:" not in html


def test_what_is_no_picture_is_left_out() -> None:
    html, files = SafeMarkup().pictures_apart('<img src="data:image/png;base64,AAA">')
    assert (html, files) == ('<img src="">', ())
    assert isinstance(files, tuple)
    assert not any(isinstance(file, OutboundFile) for file in files)
