"""The method as pure functions: no I/O, no clock, no Slack."""
