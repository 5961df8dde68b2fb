"""Pages of the workflow, one module for each leg of the road."""

from . import batches, cases, channel, discussion, exports, letters, opinions, people

urlpatterns = [
    *cases.urlpatterns,
    *channel.urlpatterns,
    *discussion.urlpatterns,
    *exports.urlpatterns,
    *opinions.urlpatterns,
    *batches.urlpatterns,
    *letters.urlpatterns,
    *people.urlpatterns,
]
