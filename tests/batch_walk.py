"""Batches brought to any state by the real services; no builder sets a column."""

from django.conf import settings

from review.letters import signing as letter_keys
from review.models import Batch, Case, Signature
from review.services import batches, issuing, signing
from review.states import BatchState as B
from review.states import State as S
from tests.builders import PASSWORD, World, key

AGREE = Signature.Decision.AGREE


class BatchWalk:
    """One batch of a world; ``cases`` are walked to 拟批复 first."""

    def __init__(self, world: World, *cases: Case, kind: str = "approve"):
        self.world, self.handler, self.signer = world, world.handlers[0], world.signers[0]
        title = f"示例第{'一二三四五'[world.call.batches.count()]}批"
        self.batch = batches.compose(world.call, title=title, kind=kind, by=self.handler)
        for case in cases:
            batches.add(self.batch, case, by=self.handler)

    @classmethod
    def of_two(cls, world: World) -> "BatchWalk":
        """嘉兴 through its channel office and 宁波 which files directly."""
        return cls(world, world.case(S.PROPOSED), world.case(S.PROPOSED, world.direct, world.direct_lead))

    @property
    def lines(self):
        return list(self.batch.standing_lines())

    def line(self, city: str):
        return self.batch.lines.get(case__city__name=city, left_out_at__isnull=True)

    def step(self, service, by, **kw) -> Batch:
        self.batch.refresh_from_db()
        done = service(self.batch.pk, by=by, seen=self.batch.moves, op_key=kw.pop("op_key", key()), **kw)
        self.batch.refresh_from_db()
        return done

    def freeze(self):
        return self.step(batches.freeze, self.handler)

    def digests(self) -> dict:
        self.batch.refresh_from_db()
        return {None: self.batch.joint_digest} | {line.pk: line.digest for line in self.lines}

    def sign(self, number: int, **other):
        """Let an agency agree to everything, but for ``city=(decision, text)``."""
        decisions = {None: (AGREE, "")} | {line.pk: (AGREE, "") for line in self.lines}
        for city, decision in other.items():
            decisions[self.line(city).pk] = decision
        by = self.world.signers[number]
        return signing.sign(self.batch, decisions=decisions, password=PASSWORD, digests_seen=self.digests(), by=by)

    def sign_all(self):
        for number in range(len(self.world.signers)):
            self.sign(number)

    def close(self):
        return self.step(issuing.close_signing, self.signer)

    def issue(self, **kw):
        kw.setdefault("count", issuing.letters_to_come(self.batch))
        return self.step(issuing.issue, self.signer, **kw)

    def to(self, state: B) -> Batch:
        """Walk to ``state``; from 会签 on with a sample key in the settings' folder."""
        sample_key()
        road = {B.COMPOSING: 0, B.COSIGNING: 1, B.SIGNED: 3, B.ISSUED: 4}[state]
        for go in (self.freeze, self.sign_all, self.close, self.issue)[:road]:
            go()
        return self.batch


def sample_key() -> None:
    """Put a key without force into the folder of this test."""
    if letter_keys.signer_from(settings.SIGNING_KEY_DIR) is None:
        letter_keys.make_sample_key(settings.SIGNING_KEY_DIR)


def letters_are_made() -> None:
    """Empty the outbox of letters as the worker would."""
    from portal import outbox

    while outbox.sweep():
        pass


def cosigning(world: World, case: Case) -> Case:
    BatchWalk(world, case).to(B.COSIGNING)
    case.refresh_from_db()
    return case


def approved(world: World, case: Case) -> Case:
    BatchWalk(world, case).to(B.ISSUED)
    case.refresh_from_db()
    return case
