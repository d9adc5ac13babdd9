"""A Slack workspace on your own machine: the demo, and what the tests talk to."""
