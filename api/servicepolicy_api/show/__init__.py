"""What a person sees in the terminal. Tables only; nothing is computed here that the answer does not hold."""
