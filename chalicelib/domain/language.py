"""Which of the desk's languages a text is written in, by its script: a first rule that needs no model."""

LANGUAGES = ("en", "zh")


def detect(text: str, default: str) -> str:
    """Give `zh` for text that is Chinese to a noticeable part, `en` for other Latin text, else `default`.

    Chinese needs fewer symbols for the same words, so a fifth of the letters is enough. Kana in such a
    part marks Japanese, which the desk doesn't speak, as `default`; a lone one in an emoticon does not.
    """
    sample = text[:4000]
    han = sum(1 for symbol in sample if "\u4e00" <= symbol <= "\u9fff")
    kana = sum(1 for symbol in sample if "\u3040" <= symbol <= "\u30ff")
    latin = sum(1 for symbol in sample if symbol.isascii() and symbol.isalpha())
    if kana * 5 > han and (kana + han) * 4 >= latin:
        return default
    if han and han * 4 >= latin:
        return "zh"
    return "en" if latin else default
