"""Orders as a person means them: typed, worked out, placed, found again, changed and waited for."""
