"""What may be uploaded: five kinds of file, recognised by content, never by name."""

from .inspection import inspect
from .limits import Limits
from .names import clean_name
from .refusals import Refused
from .results import Checked, Kind

__all__ = ["Checked", "Kind", "Limits", "Refused", "clean_name", "inspect"]
