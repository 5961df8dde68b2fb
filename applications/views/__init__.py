"""Pages on which a city writes its plan; the middleware has put ``plan`` and ``case`` on the request."""
