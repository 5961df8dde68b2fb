"""What the applications make ready: every process knows every kind of notice from its start."""

import json
import subprocess
import sys

KINDS = """
import json
import django
django.setup()
from portal import notices
ready = set(notices.KINDS)
import portal.urls
print(json.dumps([sorted(ready), sorted(set(notices.KINDS) - ready)]))
"""


def test_a_process_that_serves_no_pages_knows_every_kind_of_notice():
    """A fresh process, since in this one other tests have loaded the pages."""
    said = subprocess.run([sys.executable, "-c", KINDS], capture_output=True, text=True, check=True, timeout=60)
    ready, later = json.loads(said.stdout)
    assert later == []
    assert {"turn", "remind", "assigned", "joined", "handed_over"} <= set(ready)
