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


@pytest.mark.parametrize(
    "attribution",
    [
        "2016-10-24 15:36 GMT+02:00 Desk <\ndesk@example.com>:",
        "2016-03-03 17:21 GMT+01:00 Desk",
        "2013/7/20 Desk of the Shop <desk@example.com>",
        'Am 21.04.2016 17:48 schrieb "Desk" <desk@example.com\n>:',
        "On Thu, 31 Mar 2016 at 11:16 Desk\n\n<\nmailto:Desk <desk@example.com>\n> wrote:",
        "---- On Tue, 22 Dec 2015 14:17:36 +0530 Desk&lt;desk@example.com&gt; wrote ----",
        "------On 12/29/1987 17:32 PM, Desk wrote-----",
        "On Wed, 14 Nov 2018 08:14:43 -0200 Desk <desk@example.com> wrote",
        "On 11-Apr-2011, at 6:54 PM, Desk <desk@example.com> sent:",
        "Op 17-feb.-2015, om 13:18 heeft Desk <desk@example.com> het volgende geschreven:",
        "Den 15. jun. 2016 kl. 20.42 skrev Desk <desk@example.com>:",
        "tir. 18. apr. 2017 kl. 13:09 skrev Desk <desk@example.com\n>:",
        "ke 18. toukok. 2016 klo 23.10 Desk (desk@example.com) kirjoitti:",
        "st 18. 5. 2016 v 23:10 odesílatel Desk <desk@example.com> napsal:",
        "Desk <desk@example.com>, 18 May 2016 Çar, 23:10 tarihinde şunu yazdı:",
        "2016년 5월 18일 (수) 오후 11:10, Desk <desk@example.com>님이 작성:",
        "понедельник, 6 октября 2014 г. пользователь Desk написал:",
        '30 серп. 2016 р. 20:45 "Desk" <desk@example.com> пише:',
        "Vào 14:24 8 tháng 6, 2017, Desk <desk@example.com> đã viết:",
    ],
)
def test_programs_write_attributions_in_many_forms(attribution: str) -> None:
    assert newly_said(f"{SAID}\n\n{attribution}\n\n> Please try again.\n> Desk") == SAID
    assert newly_said(f"{SAID}\n\n{attribution}\n\nPlease try again.\nDesk") == SAID


def test_an_attribution_in_an_unknown_language_is_known_by_its_form_above_a_quote() -> None:
    quote = "> Please try again.\n> Desk"
    assert newly_said(f"{SAID}\n\n5.5.2026 klukkan 10:00 Desk:\n{quote}") == SAID
    assert newly_said(f"{SAID}\n\nSkrifað af Desk <desk@example.com>:\n\n{quote}") == SAID
    assert newly_said(f"{SAID}\nYou said:\n{quote}\nIt does not.") == f"{SAID}\nYou said:\nIt does not."


@pytest.mark.parametrize(
    "line",
    [
        "On Wed, Apr 4, 2012 at 3:59 PM, desk@example.com wrote:",
        "--- On Wed, Apr 4, 2012 at 3:59 PM, desk@example.com wrote:",
        "Am 04.04.2012 um 15:59 schrieb Desk:",
    ],
)
def test_an_attribution_may_share_its_line_with_what_was_said(line: str) -> None:
    assert newly_said(f"Thank you - really {line}\n> Please try again.") == "Thank you - really"


@pytest.mark.parametrize(
    "block",
    [
        "Message du : 12/12/2016 13:20\nDe : Desk <desk@example.com>\nA : ann@example.com\nSujet : Order",
        "From: desk@example.com\nDate: Wed, 16 May 2012 00:15:02 -0600",
        "Date: Wed, 16 May 2012 00:15:02 -0600\nTo: ann@example.com",
        "-------- Oprindelig besked --------\nFra: Desk <desk@example.com>\nDato: 04.07.2024\nEmne: Order",
        "-----Opprinnelig melding-----\nFra: Desk",
        "Lähettäjä: Desk <desk@example.com>\nLähetetty: 5. toukokuuta 2024\nVastaanottaja: Ann\nAihe: Tilaus",
        "Od: Desk <desk@example.com>\nOdesláno: 5. května 2024\nKomu: Ann\nPředmět: Objednávka",
        "Kimden: Desk <desk@example.com>\nGönderildi: 5 Mayıs 2024\nKime: Ann\nKonu: Sipariş",
        "보낸사람: Desk <desk@example.com>\n날짜: 2024년 5월 5일\n받는사람: Ann\n제목: 주문",
        "---- 回复的原邮件 ----\n| 发件人 | Desk<desk@example.com> |",
        "------------------&nbsp;原始邮件&nbsp;------------------\n发件人: Desk",
        "发件人： Desk\n发送时间： 2024-05-05 10:00\n收件人： ann\n主题： Re: 订单",
    ],
)
def test_header_lines_of_many_languages_end_what_was_said(block: str) -> None:
    assert newly_said(f"{SAID}\n\n{block}\n\nPlease try again.") == SAID


@pytest.mark.parametrize(
    "line",
    [
        "Sendt fra min iPad",
        "Sent with Airmail",
        "Sent via mobile",
        "<<sent by galaxy>>",
        "(sent from a phone)",
        "From my iPhone 6",
        "Sent from my cell, please excuse any typos.",
        "Sent from [mail](https://go.example.com/fwlink/?LinkId=550986) for windows 10",
        "Get Outlook for iOShttps://aka.example/o0ukef",
        "Gesendet von Outlook für Android<https://aka.example/AAb9ysg>",
        "나의 iPhone에서 보냄",
        "iPhone'umdan gönderildi",
    ],
)
def test_a_line_that_a_phone_added_is_nobodys_word(line: str) -> None:
    assert newly_said(f"{SAID}\n\n{line}") == SAID
    assert newly_said(f"{SAID}\n\n{line}\n\nHello Ann, please try again.") == SAID


def test_phones_lines_may_be_stacked() -> None:
    assert newly_said(f"{SAID}\n\nSent with Airmail\nSent from my iPhone\n\nVon meinem Gerät gesendet") == SAID


@pytest.mark.parametrize(
    "text",
    [
        "Sent from my desk, is much easier than my mobile phone.",
        "I got it.\nSent from my shop to yours",
        "Please send it back.\n\nThe box was sent by you, not me, I think",
        "Date: 5 May\nTo: Ann\n\nThis is what the parcel says.",
        ">>> buy now <<<\nis what the shop's page says",
    ],
)
def test_what_only_looks_like_a_programs_line_is_kept(text: str) -> None:
    assert newly_said(text) == text


@pytest.mark.parametrize(
    "paragraph",
    [
        "CONFIDENTIALITY NOTICE: for the addressee only.\n\nDelete it if you are not.",
        "This e-mail and any attachments are confidential and intended solely for the addressee.",
        "Diese E-Mail enthält vertrauliche Informationen.",
        "Ce message et toutes les pièces jointes sont confidentiels.",
        "Este mensaje es confidencial.",
        "Esta mensagem é confidencial.",
        "Le informazioni contenute in questo messaggio sono riservate.",
        "Dit bericht is vertrouwelijk.",
        "Ta wiadomość jest poufna.",
        "Detta meddelande är konfidentiellt.",
        "Это сообщение конфиденциально.",
        "本邮件内容仅供收件人阅读，请注意保密。",
        "本メールには機密情報が含まれます。",
        "Please consider the environment before printing this e-mail.",
    ],
)
def test_a_lawyers_paragraph_is_not_part_of_the_answer(paragraph: str) -> None:
    assert newly_said(f"{SAID}\n\n{paragraph}") == SAID
    assert newly_said(paragraph) == paragraph


def test_a_lists_footer_is_not_part_of_the_answer() -> None:
    footer = "__\nriders mailing list\nriders@lists.example.com\nhttps://lists.example.com/listinfo/riders"
    assert newly_said(f"{SAID}\n\n{footer}") == SAID
    assert newly_said(f"{SAID}\n__\nnothing more") == f"{SAID}\n__\nnothing more"


def test_answers_between_quotes_are_kept_and_the_quotes_are_not() -> None:
    text = "On 5 May 2026 at 10:00, Desk wrote:\n> Which size?\nForty.\n> Which colour?\n\nRed, please.\n> Desk"
    assert newly_said(text) == "Forty.\n\nRed, please."


def test_the_rest_of_a_quoted_line_that_was_broken_is_still_quoted() -> None:
    long = "> We have looked at your order and think that it went to the wrong house"
    assert newly_said(f"{SAID}\n{long}\nand number.\n> Desk") == SAID
    assert newly_said(f"> Short\nyes\n{long}.\nno\n> Desk") == "yes\nno"


def test_a_mail_that_only_forwards_says_what_it_forwards() -> None:
    head = "---------- Forwarded message ----------\nFrom: Ann <ann@example.com>\nDate: Thu, Jan 28, 2016\nSubject: x\n"
    assert newly_said(f"{head}To: desk@example.com\n\nMy parcel is lost.\n") == "My parcel is lost."
    assert newly_said(f"{head}\n{head}\nMy parcel is lost.") == "My parcel is lost."
    assert newly_said(f"Please help her.\n\n{head}\nMy parcel is lost.") == "Please help her."


def test_a_mail_that_says_something_only_below_its_attribution_is_not_empty() -> None:
    assert newly_said("On 8 May 2017 17:34, Ann <ann@example.com> wrote:\n\nIt is here.") == "It is here."


def test_a_reply_that_would_be_empty_is_shown_whole() -> None:
    assert newly_said("-----Original Message-----\nFrom: Desk\n\nPlease try again.") == "Please try again."
    assert newly_said("> Please try again.\n> Desk") == "> Please try again.\n> Desk"


LINES = st.sampled_from(
    [
        "Thank you,",
        "that works.",
        "",
        "> Please try again.",
        ">> Desk",
        "On 5 May 2026 at 10:00, Desk <desk@example.com> wrote:",
        "On Wed, Apr 4, 2012 at 3:59 PM,",
        "desk@example.com wrote:",
        "-----Original Message-----",
        "From: Desk <desk@example.com>",
        "Sent: Monday",
        "Subject: Order",
        "-- ",
        "________________",
        "Sent from my iPhone",
        "This e-mail is confidential.",
        "riders mailing list",
    ]
)


@given(st.lists(LINES, max_size=25).map("\n".join))
def test_what_was_newly_said_is_newly_said(text: str) -> None:
    said = newly_said(text)
    assert newly_said(said) == said
    assert len(said) <= len(text)
    assert bool(said) == bool(text.strip())


@given(st.text(alphabet="ab \n>-:_@<0129", max_size=400) | st.text())
def test_nothing_is_invented_and_something_stays(text: str) -> None:
    said = newly_said(text)
    assert bool(said) == bool(text.strip())
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    assert {line.strip() for line in said.split("\n")} <= {line.strip() for line in normal.split("\n")}


@pytest.mark.parametrize(
    "line",
    [
        "On 2024-01-01 10:00\n",
        "From: x\n",
        "Sent from my a b c d e f ",
        "\nThis message is ",
        "From: a@b\n> q\n",
        "-" * 50_000,
        "> ",
        " ",
        "____\n",
        "a@",
        "on 1 x@y wrote ",
        "\n \n",
    ],
)
def test_text_made_to_take_for_ever_is_read_to_its_end(line: str) -> None:
    text = line * (200_000 // len(line))
    assert bool(newly_said(text)) == bool(text.strip())


@pytest.mark.skipif(not (DATA / "replies").is_dir(), reason="the folder of real data is not here: set PENNYDESK_DATA")
def test_most_real_replies_are_found_exactly() -> None:
    cases = json.loads((DATA / "replies" / "cases.json").read_text("utf-8"))
    right = sum(newly_said(case["input"]) == case["expected"].strip() for case in cases)
    assert right >= 0.9 * len(cases)
