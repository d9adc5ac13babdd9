"""The outbox pump: what is committed goes to Slack, once."""
