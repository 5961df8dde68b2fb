"""Pages of the workflow, one module for each leg of the road."""

from . import batches, cases, discussion, letters

urlpatterns = [*cases.urlpatterns, *discussion.urlpatterns, *batches.urlpatterns, *letters.urlpatterns]
