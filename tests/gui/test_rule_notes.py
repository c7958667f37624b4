"""The notes of the shipped country rules are told in plain words."""

from desktop_app.services.reference import sender_rules
from desktop_app.views.models.rule_notes import note_text, sources_text


def test_a_note_of_several_parts_is_told_in_sentences() -> None:
    note = (
        "docs: company_name sample_content; numeric sender unsupported or overwritten per vonage2024/notify; "
        "sources disagree: aws_forms=registration_required twilio2017=no"
    )

    assert note_text(note).splitlines() == [
        "Asked for: company name, sample content.",
        "A number as sender is refused or replaced (Vonage 2024, GOV.UK Notify).",
        "The sources disagree: AWS: Pre-approval, Twilio 2017: Number shown.",
    ]


def test_what_a_person_wrote_stays_as_it_is() -> None:
    assert note_text("Ask Mr. Sato first") == "Ask Mr. Sato first"


def test_no_shipped_rule_shows_words_of_the_data() -> None:
    rules = sender_rules().values()

    shown = [note_text(rule.note) + sources_text(rule.source) for rule in rules]

    assert len(shown) > 200
    assert [text for text in shown if "_" in text or "=" in text or "unsupported" in text or "mccmnc" in text] == []
