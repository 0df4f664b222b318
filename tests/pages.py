"""The pages a visitor may open, and how heavy each may be, compressed, scripts, styles, type and images included."""

from dataclasses import dataclass

KILOBYTE = 1000


@dataclass(frozen=True, slots=True)
class VisitedPage:
    """A page by its address in the demonstration, with its greatest weight in kilobytes."""

    name: str
    path: str
    most_kilobytes: int = 60


SEARCH = "/creneaux?place_1=Callac&people_1=3&place_2=Rennes&people_2=2&duration=60&when=next-week&part=any"

PAGES = (
    VisitedPage("home", "/", 130),
    VisitedPage("proposals", SEARCH, 130),
    VisitedPage("points", "/points", 130),
    VisitedPage("point", "/points/mairie-d-ouessant", 130),
    VisitedPage("figures", "/chiffres"),
    VisitedPage("figures of a point", "/chiffres/mairie-d-ouessant"),
    VisitedPage("past counts", "/chiffres/avant"),
    VisitedPage("rehearsal", "/essai"),
    VisitedPage("mailbox", "/demo/courrier"),
    VisitedPage("sign-in", "/compte/login/code/"),
    VisitedPage("not found", "/nulle-part"),
)
