"""Making and issuing reports."""
