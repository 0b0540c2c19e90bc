"""What strangers can send, read by what reads it, with whatever bytes a fuzzer thinks of."""
