"""Answers that explain: questions asked of the same model, each an exact solve of it or said not to be."""
