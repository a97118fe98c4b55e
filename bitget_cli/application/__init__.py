"""What the program does, without keyboard and screen: what commands, programs and servers call."""
