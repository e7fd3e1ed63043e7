"""The doors: outside words become nouns, nouns become verbs, and answers become outside words."""
