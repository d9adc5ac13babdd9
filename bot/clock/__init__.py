"""Due work: rows, claimed atomically, turned into use-case calls."""
