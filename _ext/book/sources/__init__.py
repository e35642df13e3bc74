"""What the book's sources say: read as text, never executed, and without Sphinx."""
