"""The commands as programs read them: described, with schemas of what they answer, and as tools that can be called."""
