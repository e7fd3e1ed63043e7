"""The verbs: noun in, noun out. No clock, no database, no HTTP, no environment."""
