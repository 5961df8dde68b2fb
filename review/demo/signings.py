"""Two batches: one issued with its letters, one in co-signature where an agency does not agree yet."""

from functools import partial

from portal import outbox
from portal.models import Membership

from ..models import Batch, Case, Signature
from ..services import batches, issuing, signing
from .people import AGENCIES, PASSWORD
from .stage import Road, Stage, Step

Decisions = dict[str, tuple[str, str]]  # city code → decision and words
AGREE, AGREE_NOTE, NOT_YET = Signature.Decision.AGREE, Signature.Decision.AGREE_NOTE, Signature.Decision.NOT_YET
ADVICE = {
    "ndrc": "各城市方案经协调小组审理，拟同意。",
    "mofcom": "涉及流通和跨境业务的内容与现行政策一致，拟同意。",
    "pbc": "支付服务和信用信息内容已核对，拟同意，个别城市附意见。",
    "sta": "涉税表述已逐个城市核对，意见见各城市一栏。",
    "samr": "网络交易监管内容与现行规定一致，拟同意。",
}


class BatchRoad:
    """``cities`` in the batch; the agencies named in ``signers`` sign, in that order."""

    def __init__(self, stage: Stage, title: str, cities: list[str]):
        self.stage, self.title, self.cities = stage, title, cities
        self.handler, self.signer = stage.cast["ndrc-handler"], stage.cast["ndrc-signer"]
        self.batch: Batch

    def step(self, service, by: Membership, **kw) -> None:
        self.batch.refresh_from_db()
        service(self.batch.pk, by=by, seen=self.batch.moves, op_key=self.stage.key(), **kw)
        self.batch.refresh_from_db()

    def compose(self) -> None:
        self.batch = batches.compose(self.stage.call, title=self.title, by=self.handler)
        for case in Case.objects.filter(city__in=self.cities, call=self.stage.call).order_by("city"):
            batches.add(self.batch, case, by=self.handler)

    def freeze(self) -> None:
        self.step(batches.freeze, self.handler)

    def receive(self, agency: str) -> None:
        signing.receive(self.batch, by=self.stage.cast[f"{agency}-handler"])

    def advise(self, agency: str) -> None:
        number = list(AGENCIES.values()).index(agency) + 1
        signing.advise(
            self.batch, advice=ADVICE[agency], by=self.stage.cast[f"{agency}-handler"],
            office_number=f"示例办理〔{number}〕{30 + number}号",
        )  # fmt: skip

    def sign(self, agency: str, other: Decisions | None = None) -> None:
        lines = list(self.batch.standing_lines())
        said = {line.pk: (other or {}).get(line.case.city_id, (AGREE, "")) for line in lines}
        seen = {None: self.batch.joint_digest} | {line.pk: line.digest for line in lines}
        decisions = {None: (AGREE, "")} | said
        by = self.stage.cast[f"{agency}-signer"]
        signing.sign(self.batch, decisions=decisions, password=PASSWORD, digests_seen=seen, by=by)

    def close(self) -> None:
        self.step(issuing.close_signing, self.signer)

    def issue(self) -> None:
        self.step(issuing.issue, self.signer, count=issuing.letters_to_come(self.batch))

    def make_letters(self) -> None:
        """The worker's part: cities' letters are rendered and signed, the joint letter is told of last."""
        while outbox.sweep(kind="letter"):
            pass


def issued(stage: Stage, cities: list[str], *, composed: int) -> Road:
    """A batch that every agency agreed to, composed so many working days before the end; issued ten days later."""
    road = BatchRoad(stage, "2026年第一批（示例）", cities)
    steps: list[Step] = [(0, road.compose), (1, road.freeze)]
    for agency in AGENCIES.values():
        steps += [(1, partial(road.advise, agency)), (0, partial(road.sign, agency))]
    steps += [(1, road.close), (1, road.issue), (0, road.make_letters)]
    return stage.walk(steps, begins=composed, age=composed - 9, seed="batch-1")


def in_cosignature(stage: Stage, cities: list[str], *, composed: int, said: dict[str, Decisions], waiting: str) -> Road:
    """A batch that all agencies but ``waiting`` have signed, with what each ``said`` of single cities."""
    road = BatchRoad(stage, "2026年第二批（示例）", cities)
    steps: list[Step] = [(0, road.compose), (1, road.freeze), (0, lambda: road.receive(waiting))]
    for agency in AGENCIES.values():
        if agency != waiting:
            steps += [(0, partial(road.advise, agency)), (1, partial(road.sign, agency, said.get(agency)))]
    return stage.walk(steps, begins=composed, age=1, seed="batch-2")
