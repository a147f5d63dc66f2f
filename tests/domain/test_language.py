"""Which of the desk's languages a text is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.language import LANGUAGES, detect
from tests.domain.samples import law


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my parcel?", "en"),
        ("我的包裹在哪里？", "zh"),
        ("你好，我的订单 #A-1234 还没有收到，请问物流 tracking 在哪里查？", "zh"),
        ("我买的 iPhone 15 Pro Max 屏幕坏了", "zh"),
        ("Please translate 你好 for me, I would like to know what it means", "en"),
        ("Bonjour, où est mon colis ?", "en"),
        ("これはペンです。どこにありますか", "xx"),
        ("今日は天気がいいですね", "xx"),
        ("今日は天気予報を確認", "xx"),
        ("No idea why it broke ¯\\_(ツ)_/¯ please help", "en"),
        ("Где моя посылка?", "xx"),
        ("12345 !!! ???", "xx"),
        ("", "xx"),
        ("ok", "en"),
        ("好", "zh"),
    ],
)
def test_a_text_is_told_by_its_script(text: str, language: str) -> None:
    assert detect(text, "xx") == language


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert detect("a" * 4000 + "好" * 90_000, "xx") == "en"


@law
@given(st.text())
def test_the_answer_is_a_language_of_the_desk_or_its_default(text: str) -> None:
    assert detect(text, "xx") in (*LANGUAGES, "xx")


@law
@given(st.text(alphabet="天地玄黄宇宙洪荒", min_size=1), st.text(alphabet="abc ", max_size=20))
def test_chinese_stays_chinese_whatever_few_letters_stand_in_it(chinese: str, latin: str) -> None:
    expected = "zh" if len(chinese) * 4 >= len(latin.replace(" ", "")) else "en"
    assert detect(latin + chinese, "xx") == expected
