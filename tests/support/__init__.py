"""What several rooms of tests need: databases, clocks, a Slack to talk to."""
