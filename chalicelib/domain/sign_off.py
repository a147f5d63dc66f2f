"""What stands below what somebody said: a signature, a phone's line, a list's footer, a lawyer's paragraph."""

import re
from collections.abc import Sequence
from typing import Final

from chalicelib.domain.attribution import LONGEST_LINE

_MARKS: Final = ("--", "—", "– –")
_RULE = re.compile(r"[\s*>]{0,20}[-_=─━—*#~+.·ᐧ]{1,3}[-_=─━—*#~+.·ᐧ\s]*")
_PHONES: Final = r"(?:iphone|ipad|ipod|mobile|phone|smartphone|android|blackberry|samsung|galaxy|huawei|xiaomi|pixel)"
_MOBILE = re.compile(
    r"\W{0,4}(?:"
    r"sent from (?:my |the |a )?[\w+'’&.-]{1,30}(?: [\w+'’&.-]{1,30}){0,6}|"
    r"sent (?:via|with|by|using) (?:my |the |a )?[\w+'’&.-]{1,30}(?: (?:for|on|app|mail|mobile) ?[\w+'’&. -]{0,30})?|"
    rf"from my {_PHONES}\b.{{0,20}}|get outlook for .{{1,60}}|sent from mail for windows.{{0,60}}|"
    r"(?:von meinem|von mein|von unterwegs|gesendet (?:von|mit|über|aus)) .{1,60}|"
    r"diese nachricht wurde von mein.{1,40} gesendet|"
    r"outlook (?:für|pour|para|per|voor|dla|för|til|pro) .{1,40}(?:beziehen|herunterladen)|"
    r"(?:télécharger|obtenir|obtener|obter|obtenha|scarica|ottieni|download|pobierz|hämta|skaffa|hent|získat|hanki) "
    r"outlook .{1,60}|"
    r"envoyé (?:de|depuis|à partir de) .{1,60}|enviado (?:desde|do|de|a partir do|via) .{1,60}|enviada do .{1,60}|"
    r"inviato (?:da|dal|con) .{1,60}|(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via) .{1,60}|"
    r"wysłan[eoy] (?:z|za) .{1,60}|(?:skickat|sänt) (?:från|via) .{1,60}|sendt (?:fra|via|med) .{1,60}|"
    r"lähetetty .{1,60}|odesláno (?:z|ze) .{1,60}|.{1,40}(?:dan|den|ından|inden) gönderildi|.{1,30}에서 보냄|"
    r"trimis (?:de pe|din) .{1,60}|отправлено (?:с|из|от) .{1,60}|надіслано (?:з|із) .{1,60}|.{1,30}から送信|"
    r"(?:发|發|寄)自(?:我的|于)?.{1,30}|(?:从|從|來自|来自)(?:我的)?.{1,30}(?:发送|發送|傳送|寄出|的邮件)|"
    r"使用.{1,30}(?:发送|发出)(?:的邮件)?"
    r")\W{0,4}(?:(?:please )?(?:excuse|pardon|forgive) .{1,60})?",
    re.IGNORECASE,
)
_LINKS = re.compile(r"<[^<>]{1,300}>|\((?:https?:|mailto:)[^()]{1,300}\)|https?://\S{1,300}")
_NAMED_LINK = re.compile(r"\[([^\[\]]{1,80})\](?=\()")
_LIST_RULE = re.compile(r"_{2,100}|-{10,100}")
_LIST_FOOTER = re.compile(
    r"mailing list|listinfo|list-?serv|to unsubscribe|unsubscribe from|you received this (?:message|email) because|"
    r"you are receiving this because|virus-free|this email has been checked for viruses",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"\W{0,6}(?:confidentiality (?:notice|note)|disclaimer\b|legal (?:notice|disclaimer)|important notice\b|"
    "privacy notice|(?:the information|the contents?|this (?:e-?mail|message|communication|transmission)|"
    r"any information)\b.{0,120}(?:confidential|privileged|intended (?:only|solely|exclusively)|sole use)|"
    "(?:please )?(?:consider|think of) the environment|before printing|(?:diese e-?mail|diese nachricht|"
    "der inhalt dieser|die in dieser e-?mail).{0,120}vertraulich|(?:haftungsausschluss|"
    "vertraulichkeitshinweis)|(?:ce (?:message|courriel|mail)|"
    "les informations contenues).{0,120}(?:confidentiel|exclusi|destin)|avertissement :|(?:este (?:mensaje|"
    "correo|e-?mail)|la información contenida).{0,120}(?:confidencial|exclusiv|destinatari)|aviso legal|"
    "(?:esta (?:mensagem|comunicação)|as informações contidas|este e-?mail).{0,120}(?:confidencial|exclusiv)|"
    "(?:le informazioni contenute|questo messaggio|questa e-?mail|il contenuto).{0,120}(?:riservat|"
    "confidenzial|esclusiv)|(?:dit (?:bericht|e-?mail)|deze e-?mail|de informatie).{0,120}(?:vertrouwelijk|"
    "uitsluitend)|(?:ta wiadomość|niniejsza wiadomość|informacje zawarte|treść tej).{0,120}(?:poufn|wyłączn)|"
    "(?:detta (?:meddelande|e-?post|mail)|informationen i).{0,120}(?:konfidentiell|avsett|sekretess)|"
    "(?:denne (?:e-?mail|e-?post|meddelelse|melding)).{0,120}(?:fortrolig|konfidensiell)|(?:это (?:сообщение|"
    "письмо)|информация.{0,20}содержащ|настоящее).{0,120}(?:конфиденциальн|предназначен)|(?:本邮件|此邮件|本电子邮件|本郵件|"
    "此郵件|本信件).{0,80}(?:保密|机密|機密|仅供|僅供|指定)|免责声明|免責聲明|(?:本メール|このメール|この電子メール).{0,80}(?:機密|秘密|宛先))",
    re.IGNORECASE,
)
_MOST_PARAGRAPHS: Final = 8  # of a disclaimer
_MOST_ENDINGS: Final = 20  # that are stacked below each other
_ENDING_LINES: Final = 200
_FOOTER_LINES: Final = 15


def is_signature_mark(line: str) -> bool:
    """Whether a signature begins here (RFC 3676, 4.3: "-- ", which many programs trim)."""
    return line.rstrip() in _MARKS


def is_phones_line(lines: Sequence[str], at: int) -> bool:
    """Whether a phone or a program put this line there by itself, set apart by blank lines."""
    above = at == 0 or not lines[at - 1].strip()
    below = at + 1 >= len(lines) or not lines[at + 1].strip()
    return above and below and _is_mobile(lines[at])


def without_rule(own: list[str]) -> list[str]:
    """Drops the ruler and the blank lines that a mail program draws above what it quotes."""
    end = len(own)
    while end and (not own[end - 1].strip() or (len(own[end - 1]) <= LONGEST_LINE and _RULE.fullmatch(own[end - 1]))):
        end -= 1
    return own[:end]


def without_endings(own: list[str]) -> list[str]:
    """Drops what no person wrote this time, from the end up, but never everything."""
    kept = without_rule(own)
    for _ in range(_MOST_ENDINGS):
        fewer = without_rule(_without_last(kept))
        if not fewer or len(fewer) == len(kept):
            break
        kept = fewer
    return kept


def _without_last(own: list[str]) -> list[str]:
    if len(own) > 1 and _is_mobile(own[-1]) and _may_end(own[-2]):
        return own[:-1]
    return _without_footer(_without_disclaimer(own))


def _may_end(line: str) -> bool:
    """Whether a phone's line may follow: after a blank line, a ruler, or another such line."""
    return not line.strip() or (len(line) <= LONGEST_LINE and bool(_RULE.fullmatch(line))) or _is_mobile(line)


def _is_mobile(line: str) -> bool:
    if not line.strip() or len(line) > LONGEST_LINE:
        return False
    named = _NAMED_LINK.sub(r"\1", line)
    return any(_MOBILE.fullmatch(each.strip()) for each in (line, _LINKS.sub("", named)) if each.strip())


def _without_disclaimer(own: list[str]) -> list[str]:
    starts = [
        at for at in range(max(1, len(own) - _ENDING_LINES), len(own)) if own[at].strip() and not own[at - 1].strip()
    ]
    for at in starts[-_MOST_PARAGRAPHS:]:
        if _DISCLAIMER.match(" ".join(own[at : at + 4])[:600]):
            return own[:at]
    return own


def _without_footer(own: list[str]) -> list[str]:
    """Drops a list's footer below its ruler of underscores or dashes (Mailman, Groups, virus scanners)."""
    for at in range(max(1, len(own) - _FOOTER_LINES), len(own)):
        if _LIST_RULE.fullmatch(own[at].strip()) and _LIST_FOOTER.search("\n".join(own[at:])[:2_000]):
            return own[:at]
    return own
