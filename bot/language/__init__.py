"""What people type: text in, a typed request or a helpful error out."""
