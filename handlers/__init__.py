"""Where Slack comes in: one module per conversation people have with the bot."""
