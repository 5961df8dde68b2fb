"""Forms of the city's drafting pages: what stands in their layout is all that can be written."""
