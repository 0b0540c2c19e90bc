"""Settings → objects: the only modules that know every class, one for each kind of process."""
