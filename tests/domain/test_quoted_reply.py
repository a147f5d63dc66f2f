import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.quoted_reply import newly_said

DATA = Path(os.environ.get("PENNYDESK_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
SAID = "Thank you,\nthat works."


@pytest.mark.parametrize(
    "attribution",
    [
        "On Wed, May 18, 2016 at 11:10 PM Desk <desk@example.com> wrote:",
        "On Wed, May 18, 2016 at 11:10 PM Desk of the Shop\n<desk@example.com> wrote:",
        "On Wed, May 18, 2016 at 11:10 PM Desk of the Shop <desk@example.com>\nwrote:",
        "On 18 May 2016, at 23:10, Desk <desk@example.com> wrote:",
        "On Friday, January 5, 2024 at 10:11:12 AM GMT+1, Desk wrote:",
        "Desk <desk@example.com> wrote on 01/05/2024 10:11:12 AM:",
        "Am 18.05.2016 um 23:10 schrieb Desk <desk@example.com>:",
        "Am Mi., 18. Mai 2016 um 23:10 Uhr schrieb Desk <\ndesk@example.com>:",
        "Le mer. 18 mai 2016 à 23:10, Desk <desk@example.com> a écrit :",
        "El mié, 18 may 2016 a las 23:10, Desk (<desk@example.com>) escribió:",
        "Em qua., 18 de mai. de 2016 às 23:10, Desk <desk@example.com>\nescreveu:",
        "Il giorno mer 18 mag 2016 alle ore 23:10 Desk <desk@example.com> ha scritto:",
        "Op wo 18 mei 2016 om 23:10 schreef Desk <desk@example.com>:",
        "śr., 18 maj 2016 o 23:10 Desk <desk@example.com> napisał(a):",
        "W dniu 18.05.2016 o 23:10, Desk pisze:",
        "Den ons 18 maj 2016 kl 23:10 skrev Desk <desk@example.com>:",
        "2016年5月18日(水) 23:10 Desk <desk@example.com>:",
        "ср, 18 мая 2016 г. в 23:10, Desk <desk@example.com>:",
        "18.05.2016 23:10, Desk пишет:",
        "Desk <desk@example.com> 于2016年5月18日周三 23:10写道：",
        'At 2016-05-18 23:10:12, "Desk" <desk@example.com> wrote:',
        '在 2016-05-18 23:10:12，"Desk" <desk@example.com> 写道：',
    ],
)
def test_what_an_attribution_introduces_is_not_new(attribution: str) -> None:
    assert newly_said(f"{SAID}\n\n{attribution}\n\n> Please try again.\n> Desk") == SAID
    assert newly_said(f"{SAID}\n\n{attribution}\n\nPlease try again.\nDesk") == SAID
    assert newly_said(f"{SAID}\r\n{attribution}\r\nPlease try again.") == SAID


@pytest.mark.parametrize(
    "separator",
    [
        "-----Original Message-----",
        "----- Original Message -----",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "-----Mensagem original-----",
        "-----Messaggio originale-----",
        "-----Oorspronkelijk bericht-----",
        "-----Oryginalna wiadomość-----",
        "-----Ursprungligt meddelande-----",
        "-----元のメッセージ-----",
        "-----Исходное сообщение-----",
        "------------------ 原始邮件 ------------------",
        "------------------&nbsp;Original&nbsp;------------------",
        "---- 回复的原邮件 ----",
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
    ],
)
def test_what_follows_a_separator_is_not_new(separator: str) -> None:
    assert newly_said(f"{SAID}\n\n{separator}\nDesk\nPlease try again.") == SAID


@pytest.mark.parametrize(
    "block",
    [
        "From: Desk <desk@example.com>\nSent: Wednesday, 18 May 2016 23:10\nTo: Ann\nSubject: Re: Order",
        "______________________________\nVon: Desk\nGesendet: Mittwoch, 18. Mai 2016\nAn: Ann\nBetreff: AW: Order",
        "De : Desk <desk@example.com>\nEnvoyé : mercredi 18 mai 2016\nÀ : Ann\nObjet : RE: Order",
        "De: Desk\nEnviado el: miércoles\nPara: Ann\nAsunto: RE: Order",
        "De: Desk\nEnviada em: quarta-feira\nPara: Ann\nAssunto: RES: Order",
        "Da: Desk\nInviato: mercoledì\nA: Ann\nOggetto: R: Order",
        "*Van:* Desk\n*Verzonden:* woensdag\n*Aan:* Ann\n*Onderwerp:* RE: Order",
        "Od: Desk\nWysłano: środa\nDo: Ann\nTemat: RE: Order",
        "Från: Desk\nSkickat: onsdag\nTill: Ann\nÄmne: SV: Order",
        "差出人: Desk\n送信日時: 2016年5月18日\n宛先: Ann\n件名: Re: Order",
        "От: Desk\nОтправлено: среда\nКому: Ann\nТема: RE: Order",
        "发件人： Desk\n发送时间： 2016-05-18 23:10\n收件人： Ann\n主题： Re: Order",
    ],
)
def test_what_follows_the_header_lines_of_a_quoted_mail_is_not_new(block: str) -> None:
    assert newly_said(f"{SAID}\n\n{block}\n\nPlease try again.") == SAID


def test_a_journey_is_not_a_quoted_mail() -> None:
    text = "Please change my booking.\n\nFrom: Paris\nTo: London\nDate: 5 May\n\nThanks"
    assert newly_said(text) == text


def test_answers_between_and_below_quotes_are_kept() -> None:
    text = "On 5 May 2026, Desk <d@example.com> wrote:\n> Which one?\nThe red one.\n> And when?\nTomorrow."
    assert newly_said(text) == "The red one.\nTomorrow."


def test_a_signature_is_not_new() -> None:
    assert newly_said(f"{SAID}\n-- \nAnn Lee\nHead of Tea") == SAID


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from my Verizon Wireless BlackBerry",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "Skickat från min iPhone",
        "iPhoneから送信",
        "Отправлено с iPhone",
        "发自我的iPhone",
    ],
)
def test_a_phones_line_is_not_new(line: str) -> None:
    assert newly_said(f"{SAID}\n\n{line}\n") == SAID
    assert newly_said(f"{SAID}\n\n{line}\n\nOn 5 May 2026, Desk <d@example.com> wrote:\n> x") == SAID


def test_a_sentence_that_begins_like_a_phones_line_is_kept() -> None:
    text = "Hello\n\nSent from my desk, this is much easier."
    assert newly_said(text) == text


def test_prose_about_what_somebody_wrote_is_kept() -> None:
    text = "On Monday she wrote:\n\nnothing at all, and I still wait."
    assert newly_said(text) == text


def test_a_reply_that_would_be_empty_is_shown_whole() -> None:
    text = "-----Original Message-----\nFrom: Desk\n\nPlease try again."
    assert newly_said(text) == text


@given(st.text(alphabet="ab \n>-:_@<0129", max_size=400) | st.text())
def test_nothing_is_invented_and_something_stays(text: str) -> None:
    said = newly_said(text)
    assert bool(said) == bool(text.strip())
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    assert {line.strip() for line in said.split("\n")} <= {line.strip() for line in normal.split("\n")}


@pytest.mark.parametrize(
    "line", ["On 2024-01-01 10:00\n", "From: x\n", "-" * 50_000, "> ", " ", "____\n", "a@", "on 1 x@y wrote ", "\n \n"]
)
def test_text_made_to_take_for_ever_is_read_to_its_end(line: str) -> None:
    text = line * (200_000 // len(line))
    assert bool(newly_said(text)) == bool(text.strip())


@pytest.mark.skipif(not (DATA / "replies").is_dir(), reason="the folder of real data is not here: set PENNYDESK_DATA")
def test_most_real_replies_are_found_exactly() -> None:
    cases = json.loads((DATA / "replies" / "cases.json").read_text("utf-8"))
    right = sum(newly_said(case["input"]) == case["expected"].strip() for case in cases)
    assert right >= 0.9 * len(cases)
