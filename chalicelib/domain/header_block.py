"""What mail programs write above a mail that they quote without marking its lines: a separator, or its header lines."""

import re
from collections.abc import Sequence
from typing import Final

from chalicelib.domain.attribution import LONGEST_LINE

_MOST_LINES: Final = 10  # of a block of header lines


def _phrases(listed: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in listed.split("|") if phrase.strip())


_SEPARATOR_WORDS: Final = _phrases(
    "original message | original appointment | original mail | original email | forwarded message | forwarded by |"
    "forwarded mail | reply message | reply to message | message history | replied message |"
    "ursprüngliche nachricht | originalnachricht | original-nachricht | weitergeleitete nachricht | orig. nachricht |"
    "ursprüngliche mail | originalmail |"
    "message d'origine | message d’origine | message original | message transféré | courriel original |"
    "mensaje original | mensaje reenviado | mensagem original | mensagem encaminhada |"
    "messaggio originale | messaggio inoltrato | oorspronkelijk bericht | origineel bericht | doorgestuurd bericht |"
    "oryginalna wiadomość | wiadomość oryginalna | treść przekazanej wiadomości | wiadomość przekazana |"
    "ursprungligt meddelande | originalmeddelande | vidarebefordrat meddelande | oprindelig besked |"
    "oprindelig meddelelse | videresendt besked | videresendt meddelelse | opprinnelig melding | videresendt melding |"
    "alkuperäinen viesti | välitetty viesti | původní zpráva | přeposlaná zpráva | pôvodná správa |"
    "orijinal mesaj | özgün ileti | iletilmiş mesaj | yönlendirilmiş ileti | eredeti üzenet | továbbított üzenet |"
    "mesaj original | mesaj redirecționat | αρχικό μήνυμα | thư gốc | pesan asli | originele bericht |"
    "元のメッセージ | 転送されたメッセージ | 転送メッセージ | 元のメール | 原始メッセージ |"
    "исходное сообщение | пересылаемое сообщение | пересланное сообщение | оригинальное сообщение |"
    "вихідне повідомлення | переслане повідомлення | 원본 메시지 | 원본 메일 | 원본 이메일 | 전달된 메시지 |"
    "原始邮件 | 原始郵件 | 原邮件 | 邮件原件 | 原始信件 | 原始消息 |"
    " 回复的原邮件 | 回复的邮件 | 回复原邮件 | 回复邮件 |"
    "转发邮件 | 转发的邮件 | 转发的消息 | 已转发邮件 | 轉寄郵件 | 轉寄的郵件 | 轉寄的信件 | original"
)
_SEPARATOR = re.compile(
    r"[\s*]{0,8}(?:-{2,}|_{3,}|={3,})[\s*]{0,4}([^-_=]{3,60}(?:-[^-_=]{1,40})?)(?:-{2,}|_{3,}|={3,})[\s*]*"
)
_BARE_SEPARATORS: Final = _phrases(
    "begin forwarded message: | anfang der weitergeleiteten nachricht: | début du message réexpédié |"
    "début du message transféré | inicio del mensaje |"
    "início da mensagem encaminhada | início da mensagem reencaminhada | inizio messaggio inoltrato: |"
    "begin doorgestuurd bericht: | start van doorgestuurd bericht | początek przekazywanej wiadomości: |"
    "vidarebefordrat brev: | start på videresendt besked: | videresendt melding: | 転送されたメッセージ: |"
    "начало переадресованного сообщения | начало пересланного сообщения | 开始转发的邮件 | 开始转发邮件 | 開始轉寄郵件"
)

_FROM_LABELS = frozenset(
    _phrases(
        "from | von | de | da | van | od | från | fra | lähettäjä | kimden | gönderen | feladó | dela | από | từ |"
        " dari |от | откого | від | 差出人 | 送信者 | 送信元 | 보낸사람 |"
        " 보낸이 | 发件人 | 寄件人 | 發件人 | 寄件者 | 发信人"
    )
)
_SUBJECT_LABELS = frozenset(
    _phrases(
        "subject | betreff | objet | sujet | asunto | assunto | oggetto | onderwerp | temat | ämne | emne | aihe |"
        "předmět | predmet | konu | tárgy | subiect | θέμα | chủđề | tiêuđề | perihal | subjek | 件名 | тема | 제목 |"
        "主题 | 主題 | 主旨"
    )
)
_DATE_LABELS = frozenset(
    _phrases(
        "date | sent | gesendet | datum | envoyé | envoyéle | messagedu | fecha | enviado | enviadoel | data |"
        " inviato |verzonden | wysłano | skickat | sendt | dato | lähetetty | päiväys | päivämäärä | odesláno |"
        " tarih | gönderildi |gönderilmetarihi | gönderme | küldve | dátum | trimis | ημερομηνία | ngày | đãgửi |"
        " tanggal | dikirim |送信日時 | 送信日 | 日時 | 日付 | дата | отправлено |"
        " надіслано | 날짜 | 보낸날짜 | 보낸시간 |发送时间 | 发送日期 |"
        " 发送 | 日期 | 时间 | 時間 | 寄件日期 | 傳送時間 | 發送時間 | 傳送日期"
    )
)
_OTHER_LABELS = frozenset(
    _phrases(
        "to | cc | bcc | reply-to | importance | attachments | organization | an | kopie | antwortan |"
        " wichtigkeit | à |copie | copieà | para | enviada | enviadaem | enviadoem | a | aan | do | dw | till |"
        " kopia | til | kopi |vastaanottaja | kopio | komu | pre | kime | bilgi | címzett | másolatotkap | către |"
        " προς | κοιν | đến | kepada |宛先 | кому | копия | копія | 받는사람 |"
        " 받는이 | 참조 | 收件人 | 抄送 | 抄送人 | 收件者 | 副本 | 收信人"
    )
)
_LABELS = _FROM_LABELS | _SUBJECT_LABELS | _DATE_LABELS | _OTHER_LABELS
_LABEL = re.compile(r"[\s>*_]{0,12}([^:：*_<>@]{1,24}?)[\s*_]{0,4}[:：]")
_MAILBOX = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")
_WIRE_DATE = re.compile(r"\b\d{1,2} \w{3,9}\.? \d{4}.{0,12}\d{1,2}:\d{2}")


def is_separator(line: str) -> bool:
    """Whether a program drew this line above what it quotes or forwards: "-----Original Message-----"."""
    if len(line) > LONGEST_LINE or not (len(line) < 80 or line.lstrip("* \t")[:1] in "-_="):
        return False
    plain = " ".join(line.replace("&nbsp;", " ").lower().split()).strip("* ")
    if plain.startswith(_BARE_SEPARATORS) and len(plain) < 60:
        return True
    found = _SEPARATOR.fullmatch(plain)
    return found is not None and found[1].strip(" *:").startswith(_SEPARATOR_WORDS)


def is_header_line(line: str) -> bool:
    """Whether the line has the form of one of those header lines."""
    return _is_label(_label(line))


def header_block_length(lines: Sequence[str], at: int) -> int:
    """How many lines the header lines of a quoted mail take that begin at the line `at`; 0 where none do.

    Three of them are enough with a sender and either a subject or an address, and two of the kind that only a program
    writes: a date with its time, and an address.
    """
    if not is_header_line(lines[at]):
        return 0
    if not (is_header_line(_line_at(lines, at + 1)) or is_header_line(_line_at(lines, at + 2))):
        return 0
    labels: set[str] = set()
    strangers = mailboxes = length = 0
    wire_date = False
    for count, line in enumerate(lines[at : at + _MOST_LINES], start=1):
        label = _label(line)
        if _is_label(label):
            labels.add(label)
            mailboxes += bool(_MAILBOX.search(line[:LONGEST_LINE]))
            wire_date |= label in _DATE_LABELS and bool(_WIRE_DATE.search(line[:LONGEST_LINE]))
            length = count
        elif line.strip():
            strangers += 1
        if strangers > 2:
            break
    whole = len(labels) >= 3 and bool(labels & _FROM_LABELS) and bool(mailboxes or labels & _SUBJECT_LABELS)
    return length if whole or (len(labels) >= 2 and wire_date and mailboxes) else 0


def _label(line: str) -> str:
    if ":" not in line[:60] and "：" not in line[:60]:
        return ""
    found = _LABEL.match(line[:60])
    return "".join(found[1].split()).lower() if found else ""


def _is_label(label: str) -> bool:
    return label in _LABELS


def _line_at(lines: Sequence[str], at: int) -> str:
    return lines[at] if at < len(lines) else ""
