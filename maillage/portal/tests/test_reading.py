"""What a person pastes, and what a mail holds."""

from email.message import EmailMessage

import pytest

from maillage.portal.domain import Reading, read_letter, read_pasted

TOKEN = "1842.68f0c3aa.kZ9Xq-Jd_0aBcDeFgHiJkLmNoPq"


@pytest.mark.parametrize(
    "text",
    [
        f"https://maillage.example/r/{TOKEN}",
        f"  <https://maillage.example/r/{TOKEN}>.",
        f"Bonjour, voici : https://autre.example/r/{TOKEN}?de=courriel à demain",
        f"/r/{TOKEN}",
    ],
)
def test_a_link_is_found_wherever_it_stands_and_only_its_path_is_followed(text: str) -> None:
    assert read_pasted(text) == Reading("link", f"/r/{TOKEN}")


@pytest.mark.parametrize("text", ["482913", "482 913", " 482-913. "])
def test_six_digits_are_a_code(text: str) -> None:
    assert read_pasted(text) == Reading("code", "482913")


@pytest.mark.parametrize("text", ["K7Q2-M4", "k7q2m4", " K7Q2 M4. "])
def test_a_reference_is_understood_however_it_is_typed(text: str) -> None:
    assert read_pasted(text) == Reading("reference", "K7Q2-M4")


@pytest.mark.parametrize(
    "text", ["", "bonjour", "https://maillage.example/", "//ailleurs.example/r", "/r/../../admin", "[::"]
)
def test_anything_else_is_not_followed(text: str) -> None:
    assert read_pasted(text) == Reading("unknown")


def test_a_letter_gives_its_text_its_page_and_each_file_once() -> None:
    message = EmailMessage()
    message.set_content("Votre réunion est confirmée.")
    message.add_alternative("<p>Votre réunion est confirmée.</p>", subtype="html")
    message.add_alternative(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="again.ics")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="accès.pdf")
    letter = read_letter(message.as_bytes())
    assert letter.text.strip() == "Votre réunion est confirmée."
    assert letter.html.strip() == "<p>Votre réunion est confirmée.</p>"
    assert [(file.name, file.content) for file in letter.attachments] == [
        ("invitation.ics", b"BEGIN:VCALENDAR"),
        ("accès.pdf", b"%PDF"),
    ]
