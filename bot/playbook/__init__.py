"""The method as data, and the typed model that loads it."""
