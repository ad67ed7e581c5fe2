"""Taking statements in: who may, in which commit, and what makes it stand."""
