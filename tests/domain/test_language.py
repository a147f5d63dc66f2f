"""Which language a text is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.language import detect
from chalicelib.domain.language_words import CYRILLIC, LATIN
from tests.domain.samples import law


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my parcel?", "en"),
        ("Thanks!", "en"),
        ("Please translate 你好 for me, I would like to know what it means", "en"),
        ("No idea why it broke ¯\\_(ツ)_/¯ please help", "en"),
        ("我的包裹在哪里？", "zh"),
        ("我的包裹在哪裡？請幫我查詢。", "zh"),
        ("你好，我的订单 #A-1234 还没有收到，请问物流 tracking 在哪里查？", "zh"),
        ("我买的 iPhone 15 Pro Max 屏幕坏了", "zh"),
        ("好", "zh"),
        ("これはペンです。どこにありますか", "ja"),
        ("今日は天気予報を確認", "ja"),
        ("注文番号 A-1234 の商品がまだ届いていません。", "ja"),
        ("주문한 상품이 아직 도착하지 않았습니다.", "ko"),
        ("Wo ist mein Paket?", "de"),
        ("Ich habe meine Bestellung noch nicht erhalten.", "de"),
        ("Bonjour, où est mon colis ?", "fr"),
        ("Je n'ai toujours pas reçu ma commande.", "fr"),
        ("Hola, ¿dónde está mi pedido?", "es"),
        ("Todavía no he recibido mi paquete, gracias.", "es"),
        ("Olá, onde está a minha encomenda?", "pt"),
        ("Ainda não recebi o meu pedido, obrigado.", "pt"),
        ("Buongiorno, non ho ancora ricevuto il mio ordine.", "it"),
        ("Waar is mijn bestelling? Ik heb nog niets ontvangen.", "nl"),
        ("Dzień dobry, gdzie jest moje zamówienie?", "pl"),
        ("Hej, jag har inte fått min beställning än.", "sv"),
        ("Hej, jeg har ikke modtaget min ordre endnu.", "da"),
        ("Hei, jeg har ikke mottatt bestillingen min ennå.", "no"),
        ("Hei, en ole vielä saanut tilaustani.", "fi"),
        ("Dobrý den, ještě jsem nedostal svou objednávku.", "cs"),
        ("Merhaba, siparişim hala gelmedi.", "tr"),
        ("Bună ziua, încă nu am primit comanda.", "ro"),
        ("Tisztelt Cím, a rendelésem még nem érkezett meg.", "hu"),
        ("Selamat pagi, pesanan saya belum sampai.", "id"),
        ("Xin chào, tôi chưa nhận được đơn hàng.", "vi"),
        ("Где моя посылка?", "ru"),
        ("Де моє замовлення? Я ще не отримав.", "uk"),
        ("Къде е моята поръчка? Още не съм я получил.", "bg"),
        ("Πού είναι η παραγγελία μου;", "el"),
        ("איפה ההזמנה שלי?", "he"),
        ("أين طلبي؟", "ar"),
        ("คำสั่งซื้อของฉันอยู่ที่ไหน", "th"),
        ("मेरा ऑर्डर कहाँ है?", "hi"),
    ],
)
def test_a_text_is_told_by_its_script_and_its_small_words(text: str, language: str) -> None:
    assert detect(text, "xx") == language


@pytest.mark.parametrize(
    "text", ["", "12345 !!! ???", "ok", "A-1234 iPhone 15", "Kowalski", "😀", "tracking.example.com"]
)
def test_what_tells_no_language_is_not_guessed(text: str) -> None:
    assert detect(text, "xx") == "xx"


def test_addresses_tell_no_language() -> None:
    assert detect("https://shop.example.com/where/is/my/order ich warte noch immer darauf the@is.example", "xx") == "de"


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert detect("where is my parcel " * 220 + "好" * 90_000, "xx") == "en"


@law
@given(st.text())
def test_the_answer_is_a_code_of_two_letters(text: str) -> None:
    assert len(detect(text, "xx")) == 2


@law
@given(st.text(alphabet="天地玄黄宇宙洪荒", min_size=1), st.text(alphabet="qx ", max_size=20))
def test_chinese_stays_chinese_whatever_few_letters_stand_in_it(chinese: str, latin: str) -> None:
    expected = "zh" if len(chinese) * 4 >= len(latin.replace(" ", "")) else "xx"
    assert detect(latin + chinese, "xx") == expected


@pytest.mark.parametrize("language", [*LATIN, *CYRILLIC])
def test_every_language_is_told_by_its_own_words(language: str) -> None:
    words = (LATIN | CYRILLIC)[language].split()
    assert detect(" ".join(words), "xx") == language
    assert all(word == word.lower() for word in words)
