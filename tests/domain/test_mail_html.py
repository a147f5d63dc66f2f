from chalicelib.domain.mail_html import remote_pictures, with_own_pictures, with_remote_pictures

REMOTE = '<p><img data-remote-src="https://x.example/a.png?b=1&amp;c=2" alt="A cup"><img alt="x" src="cid:a@b"></p>'


def test_the_mails_own_pictures_are_put_in() -> None:
    shown = with_own_pictures(REMOTE, {"a@b": "https://files.example/1?x=1&y=2"})
    assert 'alt="x" src="https://files.example/1?x=1&amp;y=2"' in shown
    assert with_own_pictures('<img src="cid:a%40b">', {"a@b": "https://f.example"}) == '<img src="https://f.example">'


def test_a_picture_that_is_not_there_shows_its_alternative_text() -> None:
    assert with_own_pictures('<img alt="x" src="cid:gone">', {}) == '<img alt="x">'


def test_remote_pictures_can_be_listed_and_asked_for() -> None:
    assert remote_pictures(REMOTE * 2) == ("https://x.example/a.png?b=1&c=2",)
    assert '<img src="https://x.example/a.png?b=1&amp;c=2" alt="A cup">' in with_remote_pictures(REMOTE)
    assert remote_pictures(with_remote_pictures(REMOTE)) == ()


def test_words_about_pictures_are_left_alone() -> None:
    text = '<p>&lt;img data-remote-src=&quot;https://x.example&quot;&gt; src=&quot;cid:a&quot; and src="cid:a"</p>'
    assert with_remote_pictures(with_own_pictures(text, {"a": "b"})) == text
