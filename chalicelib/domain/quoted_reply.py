"""Finds what somebody newly said in a mail: the text without what it quotes, and without signature.

A mail is read line by line. Three things end what was said or interrupt it: an attribution ("On 5 May 2026, Ann
wrote:") with the quote that it introduces, a separator or header lines, and a signature. The words for these are
those that the mail programs themselves write, in their users' languages. Every test looks at a bounded number of
characters, so the time is in proportion to the text.
"""

from collections.abc import Sequence
from typing import Final

from chalicelib.domain.attribution import attribution_length, words_before_attribution
from chalicelib.domain.header_block import header_block_length, is_header_line, is_separator
from chalicelib.domain.sign_off import is_phones_line, is_signature_mark, without_endings, without_rule

_WRAPPED_AT: Final = 60  # characters: a quoted line that is longer may have been broken by the sender's program
_QUOTE_MARKS: Final = (">", "＞")
_MOST_PASSES: Final = 10  # what was left out may have kept apart what belongs together: a few times at most
_MOST_FORWARDS: Final = 3  # a mail that says nothing but forwards may forward one that forwards


def newly_said(text: str) -> str:
    """What the writer of this mail added to the conversation.

    Of a mail that says nothing of its own, what it forwards or quotes without marks; else the whole text. Said again
    of its own result, it changes nothing.
    """
    said = text
    for _ in range(_MOST_PASSES):
        before, said = said, _said_once(said)
        if said == before:
            break
    return said


def _said_once(text: str) -> str:
    lines: Sequence[str] = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for _ in range(_MOST_FORWARDS):
        own = without_endings(_own_lines(lines))
        if said := "\n".join(own).strip():
            return said
        lines = _without_introduction(lines)
    return text.strip()


def _own_lines(lines: Sequence[str]) -> list[str]:
    own: list[str] = []
    at = 0
    while at < len(lines):
        before = "" if _is_quoted(lines[at]) else words_before_attribution(lines[at])
        introduced = 0 if before else attribution_length(lines, at)
        if introduced and not _is_quoted(_next_filled(lines, at + introduced)):
            return without_rule(own)
        if introduced:
            at += introduced
            continue
        if _ends_what_was_said(lines, at, own):
            return without_rule(own)
        if before:
            own.append(before)
            if not _is_quoted(_next_filled(lines, at + 1)):
                return own
        elif not _is_quoted(lines[at]) and not _is_rest_of_quote(lines, at):
            own.append(lines[at])
        at += 1
    return own


def _ends_what_was_said(lines: Sequence[str], at: int, own: Sequence[str]) -> bool:
    line = lines[at]
    if is_signature_mark(line) or is_separator(line) or header_block_length(lines, at):
        return True
    return is_phones_line(lines, at) and any(each.strip() for each in own)


def _is_quoted(line: str) -> bool:
    return line.lstrip()[:1] in _QUOTE_MARKS and not line.rstrip().endswith("<<")


def _is_rest_of_quote(lines: Sequence[str], at: int) -> bool:
    """Whether a quoted line was too long and broken: its rest goes on between quoted lines, without a mark."""
    if not 0 < at < len(lines) - 1 or not (_is_quoted(lines[at - 1]) and _is_quoted(lines[at + 1])):
        return False
    broken = lines[at - 1].rstrip()
    goes_on = lines[at][:1].islower() or lines[at][:1] in "_/&=?("
    return len(broken) >= _WRAPPED_AT and goes_on and broken[-1:] not in ".?!:;。？！："


def _next_filled(lines: Sequence[str], at: int) -> str:
    return next((line for line in lines[at : at + 4] if line.strip()), "")


def _without_introduction(lines: Sequence[str]) -> Sequence[str]:
    """The lines below the separator, header lines or attribution at the top; none where there is neither."""
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if is_separator(line):
            return lines[_below_labels(lines, at + 1) :]
        return lines[at + length :] if (length := _introduction_length(lines, at)) else ()
    return ()


def _below_labels(lines: Sequence[str], at: int) -> int:
    """Where the text begins below header lines, which may be fewer here than where nothing announces them."""
    at += next((ahead for ahead, line in enumerate(lines[at : at + 4]) if line.strip()), 0)
    if at >= len(lines):
        return at
    at += header_block_length(lines, at)
    while at < len(lines) and is_header_line(lines[at]):
        at += 1
    return at


def _introduction_length(lines: Sequence[str], at: int) -> int:
    return attribution_length(lines, at) or header_block_length(lines, at)
