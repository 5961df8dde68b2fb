from .calls import Call, CallAgency, Guidance
from .cities import City, CityChannel, Province
from .history import SectionRevision
from .plans import Attachment, PartMark, Plan, Section
from .proposals import WordingProposal
from .records import Assessment, Coordination, Funds, LeadingGroup, Summaries
from .rows import Consultation, Indicator, Measure, Milestone
from .tables import TableChange
from .teams import Duty, PartReturn
from .versions import PlanVersion

__all__ = [
    "Assessment",
    "Attachment",
    "Call",
    "CallAgency",
    "City",
    "CityChannel",
    "Consultation",
    "Coordination",
    "Duty",
    "Funds",
    "Guidance",
    "Indicator",
    "LeadingGroup",
    "Measure",
    "Milestone",
    "PartMark",
    "PartReturn",
    "Plan",
    "PlanVersion",
    "Province",
    "Section",
    "SectionRevision",
    "Summaries",
    "TableChange",
    "WordingProposal",
]
