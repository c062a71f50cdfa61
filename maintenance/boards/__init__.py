"""What a page needs, gathered in a fixed number of queries, one module a page."""
