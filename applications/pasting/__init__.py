"""Tables pasted from Excel or WPS, or uploaded as XLSX: read, matched to columns and rows, never written here."""
