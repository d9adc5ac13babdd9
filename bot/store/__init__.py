"""Models, engine, sessions and queries."""
