import subprocess
import tempfile
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from review.letters import wording
from review.letters.document import Attachment, Letter, LetterFormat
from review.letters.render import render
from review.letters.signing import make_sample_key, signer_from

AGENCIES = ("国家发展和改革委员会", "商务部", "中国人民银行", "国家税务总局", "国家市场监督管理总局")
SHORT = ["国家发展改革委", "商务部", "人民银行", "税务总局", "市场监管总局"]
CITIES = ["示例甲市", "示例乙市", "示例丙市"]
ISSUED = date(2026, 9, 28)
CODE = "0000-5AMP-0000-0000-0000"


class Command(BaseCommand):
    help = "Make docs/letters/ again: a joint letter and a city's letter, in both formats, as PDF and PNG."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", metavar="DIR", default=str(settings.BASE_DIR / "docs" / "letters"))

    def handle(self, *, folder: str, **_options):
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as keys:
            signer = signer_from(make_sample_key(Path(keys) / "keys"))
            for name, letter in samples().items():
                pdf = signer.sign(render(letter))
                (target / f"{name}.pdf").write_bytes(pdf)
                subprocess.run(
                    ["pdftoppm", "-r", "100", "-png", str(target / f"{name}.pdf"), str(target / name)], check=True
                )
                self.stdout.write(f"{name}.pdf {len(pdf)} bytes")


def samples() -> dict[str, Letter]:
    """Return the letters shown in docs/letters, by file name."""
    joint = wording.joint(kind="approve", genre="approval", agencies=SHORT)
    fields = {"cities": wording.some(CITIES), "count": str(len(CITIES))}
    city = wording.city(
        kind="approve",
        genre="reply",
        city=CITIES[0],
        addressee="示例省发展和改革委员会",
        plan="示例甲市创建国家电子商务示范城市工作方案",
        filing={
            "title": "关于申请创建国家电子商务示范城市的函",
            "number": "示例发改〔2026〕9号",
            "date": date(2026, 8, 3),
        },
        agencies=SHORT,
        copies=["示例甲市人民政府", "示例省商务厅"],
        earlier="",
    )
    rows = tuple((str(n), "示例省", name) for n, name in enumerate(CITIES, start=1))
    return {
        "document-format": _letter(
            LetterFormat.DOCUMENT,
            AGENCIES,
            12,
            title=wording.fill(joint["title"], fields),
            addressees=("示例省发展和改革委员会",),
            body=tuple((level, wording.fill(text, fields)) for level, text in joint["body"]),
            attachments=(Attachment(joint["list_title"], (), ("序号", "地区", "城市"), rows),),
            printed_by="国家发展改革委办公厅",
            printed_on=ISSUED,
        ),
        "letter-format": _letter(
            LetterFormat.LETTER,
            AGENCIES[:1],
            13,
            title=city["title"],
            addressees=tuple(city["addressees"]),
            body=tuple((level, text) for level, text in city["body"]),
            copies_to=tuple(city["copies_to"]),
        ),
    }


def _letter(form: LetterFormat, marks: tuple[str, ...], number: int, **content) -> Letter:
    return Letter(
        format=form,
        marks=marks,
        number=f"发改办高技〔2026〕{number}号",
        signatories=AGENCIES,
        issued_on=ISSUED,
        code=CODE,
        verify_url=f"https://portal.example/verify/{CODE}/",
        audit_anchor="0" * 16,
        **content,
    )
