from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """``band`` is blocks, advice, passed or failed; ``part`` the key of the place to go to (``plan``: basic data).

    ``anchor`` is the exact place on that page: a paragraph, a row or a field.
    """

    band: str
    text: str
    part: str
    anchor: str = ""
