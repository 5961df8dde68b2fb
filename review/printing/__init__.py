"""A plan as a document to keep: one order of blocks, printed as PDF and written as DOCX."""
