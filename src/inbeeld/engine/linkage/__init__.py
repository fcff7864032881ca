"""Lists without a national number, side by side: start at compare.py; judging.py says what is sure."""

from inbeeld.engine.linkage.apart import SharedByListsApart
from inbeeld.engine.linkage.compare import compare

__all__ = ["SharedByListsApart", "compare"]
