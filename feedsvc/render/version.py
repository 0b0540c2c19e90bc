"""Changes when entries are rendered otherwise: stored fragments are then made anew."""

VERSION = b"4"
