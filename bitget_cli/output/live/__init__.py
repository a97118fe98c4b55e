"""Live tables: what a stream has said so far, drawn a few times a second."""
