from .annotations import Annotation, AnnotationDecline, AnnotationReply
from .batches import Batch, BatchAgency, BatchLine, BatchMove, FrozenText, Signature
from .cases import Case, FormalFiling, Move
from .exports import PlanExport
from .invitations import Invitation
from .letters import Letter, LetterCounter, VerificationTry
from .member_views import MemberView
from .opinion_prints import OpinionPrint
from .opinions import MaturityLevel, Opinion, OpinionItem, Response, Verdict
from .rounds import Assignment, Recusal, Round

__all__ = [
    "Annotation",
    "AnnotationDecline",
    "AnnotationReply",
    "Assignment",
    "Batch",
    "BatchAgency",
    "BatchLine",
    "BatchMove",
    "Case",
    "FormalFiling",
    "FrozenText",
    "Invitation",
    "Letter",
    "LetterCounter",
    "MaturityLevel",
    "MemberView",
    "Move",
    "Opinion",
    "OpinionItem",
    "OpinionPrint",
    "PlanExport",
    "Recusal",
    "Response",
    "Round",
    "Signature",
    "Verdict",
    "VerificationTry",
]
