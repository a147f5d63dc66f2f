"""Mail that was passed on, as programs in many languages write it: who wrote the original, and what was put on top."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.forwarded import forwarded_in, says_forwarded, without_prefix
from tests.domain.samples import law

JOAN = "joan@customer.example"
AS_PROGRAMS_WRITE = {
    "Gmail": "---------- Forwarded message ---------\nFrom: Joan Doe <{0}>\nDate: Mon\nSubject: {1}\nTo: Ada\n",
    "Gmail in bold": "---------- Forwarded message ---------\n*From:* Joan Doe <{0}>\n*Date:* Mon\n*Subject:* {1}\n",
    "Apple Mail": "Begin forwarded message:\n\nFrom: Joan Doe <{0}>\nSubject: {1}\nDate: 2 November\nTo: Ada\n",
    "Outlook": "From: Joan Doe <{0}>\nSent: Monday, November 2\nTo: Ada; Bo\n <bo@x.example>\nSubject: {1}\n",
    "old Outlook": "-----Original Message-----\nFrom: Joan Doe [mailto:{0}]\nSent: Monday\nTo: Ada\nSubject: {1}\n",
    "Outlook on the web": "________________\nFrom: Joan Doe <{0}>\nSent: Monday\nTo: Ada\nSubject: {1}\n",
    "Thunderbird": "-------- Forwarded Message --------\nSubject: {1}\nDate: Mon\nFrom: Joan Doe <{0}>\nTo: Ada\n",
    "German": "-----Ursprüngliche Nachricht-----\nVon: Joan Doe <{0}>\nGesendet: Montag\nAn: Ada\nBetreff: {1}\n",
    "German Thunderbird": "-------- Weitergeleitete Nachricht --------\nBetreff: {1}\nDatum: Mo\nVon: Joan Doe <{0}>\n",
    "French": "________________________________\nDe : Joan Doe <{0}>\nEnvoyé : lundi\nÀ : Ada\nObjet : {1}\n",
    "Spanish": "De: Joan Doe <{0}>\nEnviado el: lunes\nPara: Ada\nAsunto: {1}\n",
    "Portuguese": "De: Joan Doe <{0}>\nEnviado: segunda\nPara: Ada\nAssunto: {1}\n",
    "Italian": "Da: Joan Doe <{0}>\nInviato: lunedì\nA: Ada\nOggetto: {1}\n",
    "Dutch": "Van: Joan Doe <{0}>\nVerzonden: maandag\nAan: Ada\nOnderwerp: {1}\n",
    "Polish": "Od: Joan Doe <{0}>\nWysłano: poniedziałek\nDo: Ada\nTemat: {1}\n",
    "Swedish": "Från: Joan Doe <{0}>\nSkickat: måndag\nTill: Ada\nÄmne: {1}\n",
    "Russian": "-------- Пересылаемое сообщение --------\nОт: Joan Doe <{0}>\nДата: пн\nТема: {1}\n",
    "Japanese": "差出人: Joan Doe <{0}>\n送信日時: 月曜日\n宛先: Ada\n件名: {1}\n",
    "QQ": '---- 原始邮件 ----\n发件人: "Joan Doe"<{0}>;\n发送时间: 周一\n收件人: "Ada"<a@x>;\n主题: {1}\n',
    "NetEase": '---- 转发邮件信息 ----\n发件人："Joan Doe" <{0}>\n发送日期：周一\n收件人：Ada\n主题：{1}\n',
    "Traditional Chinese": "寄件者: Joan Doe <{0}>\n寄件日期: 週一\n收件者: Ada\n主旨: {1}\n",
}  # fmt: skip


@pytest.mark.parametrize("program", AS_PROGRAMS_WRITE)
def test_the_original_is_read_as_written_by(program: str) -> None:
    block = AS_PROGRAMS_WRITE[program].format(JOAN, "Broken cup")
    found = forwarded_in("Fwd: Broken cup", f"Please look.\n\n{block}\nIt came in pieces.\n\nJoan")
    assert found is not None
    assert (found.sender.email, found.sender.name) == (JOAN, "Joan Doe")
    assert (found.subject, found.note) == ("Broken cup", "Please look.")
    assert found.text == "It came in pieces.\n\nJoan"


def test_what_was_quoted_line_by_line_loses_its_marks() -> None:
    quoted = f"> From: {JOAN}\n> Subject: Cup\n> Date: Mon\n>\n> It came\n> in pieces."
    found = forwarded_in("Fwd: Cup", f"Begin forwarded message:\n\n{quoted}")
    assert found is not None
    assert (found.text, found.note) == ("It came\nin pieces.", "")


def test_a_line_that_says_so_is_enough_without_a_subject() -> None:
    text = AS_PROGRAMS_WRITE["Gmail"].format(JOAN, "Cup")
    assert forwarded_in("Cup", text + "\nHello") is not None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Cup", AS_PROGRAMS_WRITE["Outlook"].format(JOAN, "Cup")),
        ("Re: Cup", AS_PROGRAMS_WRITE["old Outlook"].format(JOAN, "Cup")),
        ("Fwd: Cup", f"From: {JOAN}\n\nnothing else"),
        ("Fwd: Cup", "From: Joan Doe\nSent: Monday\nSubject: Cup\n\nText"),
        ("Fwd: Cup", ""),
    ],
)
def test_nothing_was_passed_on_where(subject: str, text: str) -> None:
    assert forwarded_in(subject, text) is None


@pytest.mark.parametrize(
    "prefix", ["Fwd:", "FW: ", "WG:", "Tr : ", "转发：", "轉寄:", "RV:", "ENC:", "I: ", "Fwd: WG: "]
)
def test_a_subject_says_so_and_loses_what_was_put_before_it(prefix: str) -> None:
    assert says_forwarded(f"{prefix}Cup")
    assert without_prefix(f"{prefix}Cup") == "Cup"


@pytest.mark.parametrize("subject", ["Cup", "Re: Fwd: Cup", "Forward planning: cups", ""])
def test_a_subject_that_says_no_such_thing(subject: str) -> None:
    assert not says_forwarded(subject)


@law
@given(st.text(), st.lists(st.sampled_from(["From: a@b.example", "Subject: x", "", "> ", "text", "-----", "To:"])))
def test_any_text_at_all_can_be_read(subject: str, lines: list[str]) -> None:
    found = forwarded_in(subject, "\n".join(lines))
    assert found is None or found.sender.email == "a@b.example"
