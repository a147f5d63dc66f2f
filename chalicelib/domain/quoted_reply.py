"""Finds what somebody newly said in a mail: the text without what it quotes, and without signature.

A mail is read line by line. Three things end what was said or interrupt it:
- an attribution ("On 5 May 2026, Ann wrote:"), with the quote that it introduces;
- a separator ("-----Original Message-----") or a block of header lines ("From: … Sent: … Subject: …");
- a signature ("-- ", RFC 3676, 4.3; "Sent from my phone").
The words for these are those that the mail programs themselves write, in their users' languages.
Every test looks at a bounded number of characters, so the time is in proportion to the text.
"""

import re
from collections.abc import Sequence
from typing import Final

_LONGEST_LINE: Final = 400  # characters: a longer line is somebody's paragraph, never a program's
_ATTRIBUTION_LINES: Final = 4  # an attribution is wrapped over so many lines at most
_HEADER_BLOCK_LINES: Final = 10

_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|geschrieben|a écrit|escribi[óo]|escreveu|ha scritto|scrive|schreef|napisała?(?:\(a\))?|"
    r"pisze|skrev|kirjoitti|пишет|писала?|написала?(?:\(а\))?)\b|写道|寫道|写到|撰寫|のメール|さんは書きました|が書きました|wrote"
)
_STARTER = re.compile(
    r"(?:on|at|am|le|el|em|il|op|dnia|w dniu|den|på|fra|von|from|date|a|alle|het|den|в|от|在|於|于)[\s,:(]",
    re.IGNORECASE,
)
_DATED_STARTER = re.compile(r"(?:on|am|le|el|em|il|op) .{0,20}\d", re.IGNORECASE)
_DATE = re.compile(r"\d{4}|\d{1,2}[:.h]\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2}|\d{1,2}\s?[年月日]")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")
_MAILBOX = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")
_MAILBOX_AT_END = re.compile(r"[<(\[][^\s@<>()\[\]]{1,64}@[^\s@<>()\[\]]{1,255}[>)\]]\s?[:：]$")
_NEW_SENTENCE_AFTER = ("!", "?", "。", "！", "？")


def _phrases(listed: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in listed.split("|") if phrase.strip())


_SEPARATOR_WORDS: Final = _phrases(
    "original message | original appointment | original mail | forwarded message | forwarded by | reply message |"
    "ursprüngliche nachricht | originalnachricht | original-nachricht | weitergeleitete nachricht | orig. nachricht |"
    "message d'origine | message d’origine | message original | message transféré |"
    "mensaje original | mensaje reenviado | mensagem original | mensagem encaminhada |"
    "messaggio originale | messaggio inoltrato | oorspronkelijk bericht | origineel bericht | doorgestuurd bericht |"
    "oryginalna wiadomość | wiadomość oryginalna | treść przekazanej wiadomości | wiadomość przekazana |"
    "ursprungligt meddelande | originalmeddelande | vidarebefordrat meddelande |"
    "元のメッセージ | 転送されたメッセージ | 元のメール | 原始メッセージ |"
    "исходное сообщение | пересылаемое сообщение | пересланное сообщение |"
    "原始邮件 | 原始郵件 | 原邮件 | 邮件原件 | 原始信件 | 回复的原邮件 | 回复原邮件 | 回复邮件 |"
    "转发邮件 | 转发的邮件 | 已转发邮件 | 轉寄郵件 | 轉寄的郵件 | original"
)
_SEPARATOR = re.compile(
    r"[\s*]{0,8}(?:-{2,}|_{3,}|={3,})[\s*]{0,4}([^-_=]{3,60}(?:-[^-_=]{1,40})?)(?:-{2,}|_{3,}|={3,})[\s*]*"
)
_BARE_SEPARATORS: Final = _phrases(
    "begin forwarded message: | anfang der weitergeleiteten nachricht: | début du message réexpédié |"
    "inicio del mensaje |"
    "início da mensagem encaminhada | inizio messaggio inoltrato: | begin doorgestuurd bericht: |"
    "początek przekazywanej wiadomości: | vidarebefordrat brev: | 転送されたメッセージ: |"
    "начало переадресованного сообщения | 开始转发的邮件 | 开始转发邮件 | 開始轉寄郵件"
)
_RULE = re.compile(r"[\s*]*[-_=─━—*]{3}[-_=─━—*\s]*")

_FROM_LABELS = frozenset(
    _phrases(
        "from | von | de | da | van | od | från | fra | от | откого | 差出人 | 送信者 | 发件人 |"
        "發件人 | 寄件者 | 寄件人"
    )
)
_SUBJECT_LABELS = frozenset(
    _phrases(
        "subject | betreff | objet | asunto | assunto | oggetto | onderwerp | temat | ämne | emne | 件名 | тема |"
        "主题 | 主題 | 主旨"
    )
)
_OTHER_LABELS = frozenset(
    _phrases(
        "sent | date | to | cc | bcc | reply-to | importance | attachments | gesendet | datum | an | kopie |"
        "envoyé | envoyéle | à | copie | enviado | enviadoel | fecha | para | enviada | enviadaem | enviadoem | data |"
        "inviato | a | verzonden | aan | wysłano | do | dw | skickat | till | kopia | sendt | til |"
        "送信日時 | 送信日 | 日時 | 日付 | 宛先 | отправлено | дата | кому | копия |"
        "发送时间 | 发送日期 | 发送 | 日期 | 时间 | 時間 | 收件人 | 抄送 | 抄送人 |"
        "寄件日期 | 傳送時間 | 發送時間 | 收件者 | 副本"
    )
)
_LABEL = re.compile(r"[\s>*_]{0,12}([^:：*_<>@]{1,24}?)[\s*_]{0,4}[:：]")

_SIGNATURE: Final = ("--", "—")
_MOBILE_SIGNATURE = re.compile(
    r"\W{0,4}(?:"
    r"sent (?:from|via|using) (?:my |the |a )?[\w+'’&.-]{1,30}(?: [\w+'’&.-]{1,30}){0,5}|"
    r"get outlook for .{1,60}|sent from mail for windows.{0,60}|"
    r"(?:von meinem|von mein|von unterwegs|gesendet (?:von|mit|über|aus)) .{1,60}|"
    r"diese nachricht wurde von mein.{1,40} gesendet|"
    r"outlook (?:für|pour|para|per|voor|dla|för) .{1,40}(?:beziehen|herunterladen)|"
    r"(?:télécharger|obtenir|obtener|obter|obtenha|scarica|ottieni|download|pobierz|hämta|skaffa) outlook .{1,60}|"
    r"envoyé (?:de|depuis|à partir de) .{1,60}|enviado (?:desde|do|de|a partir do|via) .{1,60}|enviada do .{1,60}|"
    r"inviato (?:da|dal|con) .{1,60}|(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via) .{1,60}|"
    r"wysłan[eoy] (?:z|za) .{1,60}|(?:skickat|sänt) från .{1,60}|отправлено (?:с|из|от) .{1,60}|.{1,30}から送信|"
    r"(?:发|發|寄)自(?:我的|于)?.{1,30}|(?:从|從|來自|来自)(?:我的)?.{1,30}(?:发送|發送|傳送|的邮件)|"
    r"使用.{1,30}(?:发送|发出)(?:的邮件)?"
    r")\W{0,4}(?:<[^<>]{1,300}>|\([^()]{1,300}\))?\W{0,4}",
    re.IGNORECASE,
)


def newly_said(text: str) -> str:
    """What the writer of this mail added to the conversation; the whole text when nothing else would be left."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_without_mobile_signature(_own_lines(lines))).strip() or text.strip()


def _own_lines(lines: Sequence[str]) -> list[str]:
    own: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        introduced = _attribution_length(lines, at)
        if introduced and not _is_quoted(_next_filled(lines, at + introduced)):
            return _without_rule(own)
        if introduced:
            at += introduced
            continue
        if _ends_what_was_said(lines, at):
            return _without_rule(own)
        if not _is_quoted(line):
            own.append(line)
        at += 1
    return own


def _ends_what_was_said(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if line.rstrip() in _SIGNATURE:
        return True
    return _is_separator(line) or _begins_header_block(lines, at)


def _is_quoted(line: str) -> bool:
    return line.lstrip()[:1] in (">", "＞")


def _next_filled(lines: Sequence[str], at: int) -> str:
    return next((line for line in lines[at : at + 4] if line.strip()), "")


def _without_rule(own: list[str]) -> list[str]:
    """Drops the ruler and the blank lines that a mail program draws above what it quotes."""
    while own and (not own[-1].strip() or (len(own[-1]) <= _LONGEST_LINE and _RULE.fullmatch(own[-1]))):
        own.pop()
    return own


def _without_mobile_signature(own: list[str]) -> list[str]:
    """Drops a phone's line at the end, where a blank line sets it apart from what a person wrote."""
    filled = [at for at, line in enumerate(own[-20:], start=max(0, len(own) - 20)) if line.strip()]
    if not filled or (filled[-1] > 0 and own[filled[-1] - 1].strip()) or not _is_mobile_signature(own[filled[-1]]):
        return own
    return own[: filled[-1]]


def _is_separator(line: str) -> bool:
    if len(line) > _LONGEST_LINE:
        return False
    plain = " ".join(line.replace("&nbsp;", " ").lower().split()).strip("* ")
    if plain.startswith(_BARE_SEPARATORS) and len(plain) < 60:
        return True
    found = _SEPARATOR.fullmatch(plain)
    return found is not None and found[1].strip(" *:").startswith(_SEPARATOR_WORDS)


def _is_mobile_signature(line: str) -> bool:
    return len(line) <= _LONGEST_LINE and bool(_MOBILE_SIGNATURE.fullmatch(line.strip()))


def _label(line: str) -> str:
    found = _LABEL.match(line[:60])
    return "".join(found[1].split()).lower() if found else ""


def _begins_header_block(lines: Sequence[str], at: int) -> bool:
    """At least three header lines of a quoted mail, among them From and either Subject or a mailbox."""
    if not _is_label(_label(lines[at])):
        return False
    labels: set[str] = set()
    strangers = mailboxes = 0
    for line in lines[at : at + _HEADER_BLOCK_LINES]:
        label = _label(line)
        if _is_label(label):
            labels.add(label)
            mailboxes += bool(_MAILBOX.search(line[:_LONGEST_LINE]))
        elif line.strip():
            strangers += 1
        if strangers > 2:
            break
    return len(labels) >= 3 and bool(labels & _FROM_LABELS) and bool(mailboxes or labels & _SUBJECT_LABELS)


def _is_label(label: str) -> bool:
    return label in _FROM_LABELS or label in _SUBJECT_LABELS or label in _OTHER_LABELS


def _attribution_length(lines: Sequence[str], at: int) -> int:
    """How many lines the attribution that begins here takes; 0 when none does."""
    first = lines[at]
    if not first.strip() or _is_quoted(first) or len(first) > _LONGEST_LINE:
        return 0
    joined = ""
    for count, line in enumerate(lines[at : at + _ATTRIBUTION_LINES], start=1):
        bare = line.strip()
        if not bare or len(bare) > _LONGEST_LINE or (count > 1 and _begins_anew(bare)):
            return 0
        joined = f"{joined} {bare}"
        if _is_attribution(joined.strip()):
            return count if count == 1 or _may_begin_attribution(first) else 0
        if bare.endswith(_NEW_SENTENCE_AFTER):
            return 0
    return 0


def _begins_anew(line: str) -> bool:
    """A line that is so clearly the beginning of an attribution that the one before it cannot be."""
    return _is_quoted(line) or bool(_DATED_STARTER.match(line) and _DATE.search(line))


def _may_begin_attribution(line: str) -> bool:
    bare = line.lstrip(" \t*_")
    return bool((_STARTER.match(bare) and re.search(r"\d", bare)) or _DATE.search(bare) or _MAILBOX.search(bare))


def _is_attribution(text: str) -> bool:
    plain = text.strip("*_ ")
    if not plain.endswith((":", "：")):
        return False
    dated = bool(_DATE.search(plain))
    if dated and _MAILBOX_AT_END.search(plain):
        return True
    if not _WROTE.search(plain):
        return False
    return bool(_MAILBOX.search(plain)) or (dated and bool(_STARTER.match(plain) or _TIME.search(plain)))
