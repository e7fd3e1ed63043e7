"""What the service answers to, a subject a module."""
