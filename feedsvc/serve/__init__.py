"""HTTP: ready answers looked up before Flask; Flask for the rest. Imports nothing that reads or renders."""
