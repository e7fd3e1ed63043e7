"""The end of a run, told to whoever asked: signed, tried again, and never sent into a private network."""
