"""Slipway: everything that would be true without Slack's event formats."""
