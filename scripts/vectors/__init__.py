"""What `build_vectors.py` is made of: one module for each kind of thing attacked."""
