"""Nothing that the console says is missing in Chinese."""

from infra.translations import kept, lacking, said


def test_every_sentence_of_the_console_is_translated_and_none_is_left_over() -> None:
    assert list(lacking(kept(), said())) == []


def test_a_sentence_without_translation_would_be_seen() -> None:
    catalogue, sentences = kept(), said()
    sentences.add("A sentence that nobody translated")
    assert list(lacking(catalogue, sentences)) == ["not translated: A sentence that nobody translated"]
