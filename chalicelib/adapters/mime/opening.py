"""Looks into parts that other programs would only offer to save: winmail.dat, S/MIME, invitations, forwarded mails."""

from collections.abc import Callable
from functools import partial
from typing import Final

from chalicelib.adapters.mime.bodies import Body, joined
from chalicelib.adapters.mime.charsets import Clues, decode_text
from chalicelib.adapters.mime.encodings import decode_words
from chalicelib.adapters.mime.header_lines import read_head
from chalicelib.adapters.mime.headers import visible
from chalicelib.adapters.mime.outlook_container import Contained, NotOpened, open_container
from chalicelib.adapters.mime.parts import Part, Walk

_DEEPEST_FORWARD: Final = 1  # levels of multipart around a mail within the mail that is read
_UTF8: Final = {"charset": "utf-8"}


def opened(walk: Walk, part: Part, depth: int) -> Body | None:
    """What is in the part, which then is no attachment; None when it stays one, with what could be told of it noted."""
    kind = part.content_type
    opener = _OPENERS.get(kind) or (_outlook if part.filename.lower() == "winmail.dat" else _smime)
    return opener(walk, part, depth)


def _outlook(walk: Walk, part: Part, depth: int) -> Body | None:
    try:
        found = open_container(walk.content(part))
    except NotOpened:
        walk.note("an Outlook container (winmail.dat) is kept unopened")
        return None
    for file in found.files:
        walk.keep(file.name, file.content_type.lower(), file.content, content_id=file.content_id)
    walk.spare.append(partial(_text_of, found, walk))
    return Body()


def _text_of(found: Contained, walk: Walk) -> Body:
    html = walk.read(found.html, "text/html", {}) if found.html else Body()
    if found.plain.strip():
        return Body(walk.read(found.plain.encode("utf-8", "replace"), "text/plain", _UTF8).text, html.html)
    if html.text or not found.rtf:
        return html
    from chalicelib.adapters.mime.rich_text import decompressed, read_rtf

    text, is_html = read_rtf(decompressed(found.rtf))
    return walk.read(text.encode("utf-8", "replace"), "text/html" if is_html else "text/plain", _UTF8)


def _smime(walk: Walk, part: Part, depth: int) -> Body | None:
    from chalicelib.adapters.mime.signed_content import NotSigned, signed_content

    content = walk.content(part)
    try:
        inner = signed_content(content)
    except NotSigned:
        walk.note("encrypted with S/MIME, or signed in a way that is not understood: kept as an attachment")
        return None
    walk.note("signed with S/MIME: the signature was not checked")
    body = walk.within(inner, depth)
    walk.keep(part.filename or "smime.p7m", part.content_type, content)
    return body


def _invitation(walk: Walk, part: Part, depth: int) -> None:
    from chalicelib.adapters.mime.invitation import words_of_invitation

    charset = part.parameters.get("charset") or "utf-8"
    words = words_of_invitation(decode_text(walk.content(part), charset, walk.clues)[0])
    if words and words not in walk.invitations:
        walk.invitations.append(words)


def _forwarded(walk: Walk, part: Part, depth: int) -> None:
    """A mail within the mail stays a file; it is read for the case that there is nothing else to read."""
    if depth <= _DEEPEST_FORWARD:
        walk.spare.append(partial(_told_by, walk, part, depth))


def _told_by(walk: Walk, part: Part, depth: int) -> Body:
    raw = walk.content(part)
    inner = Walk(raw, text_room=walk.text_room, html_room=walk.html_room, clues=Clues(raw), wants_files=False)
    head = read_head(raw, 0, len(raw), inner.clues)
    told = (visible(decode_words(head.first(name)[:1_000])) for name in ("from", "date", "subject"))
    body = inner.finished(inner.body(head, len(raw), depth + 1))
    return joined([Body("\n".join(filter(None, told))), body])


_OPENERS: Final[dict[str, Callable[[Walk, Part, int], Body | None]]] = {
    "application/ms-tnef": _outlook,
    "application/vnd.ms-tnef": _outlook,
    "application/pkcs7-mime": _smime,
    "application/x-pkcs7-mime": _smime,
    "text/calendar": _invitation,
    "message/rfc822": _forwarded,
}
