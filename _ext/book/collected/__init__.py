"""What is collected from all pages and set in some: read, then resolved."""
