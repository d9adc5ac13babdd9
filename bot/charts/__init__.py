"""Data in, PNG bytes out, drawn in a worker process."""
