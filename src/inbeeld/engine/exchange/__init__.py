"""Which children two lists share, without a name leaving either: start at steps.py."""
