"""Pages of the workflow, one module for each leg of the road."""

from . import batches, cases, channel, discussion, letters, opinions, people

urlpatterns = [
    *cases.urlpatterns,
    *channel.urlpatterns,
    *discussion.urlpatterns,
    *opinions.urlpatterns,
    *batches.urlpatterns,
    *letters.urlpatterns,
    *people.urlpatterns,
]
