"""Nobody finds out from a reader: what breaks, and what mends, is told to the operator."""
