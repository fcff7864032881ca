"""inbeeld: keep every child who sits at home, or is about to, in sight until it learns again."""

__version__ = "0.1.0"
