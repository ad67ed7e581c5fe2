"""What a log witness does, and proofs that a log showed two histories."""
