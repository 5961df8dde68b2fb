UNKNOWN = 3  # what the program ends with


class Unknown(ValueError):
    """The content holds something of which we do not know what it tells."""
