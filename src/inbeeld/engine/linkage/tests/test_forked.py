"""A process that compared lists and is forked after that: the child lives on."""

from __future__ import annotations

import gc
import os

import pytest

from inbeeld.engine.linkage import compare

HEAD = "id,last_name,call_name,born_on,postcode,house_number\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_forked_after_a_comparison_clears_up_without_falling_over(tmp_path):
    """The demo compares lists and then answers requests from children of itself."""
    for name, letter in (("leerplicht", "L"), ("swv", "S")):
        rows = "".join(f"{letter}{n},Brinkhof{chr(97 + n)},Fenna,2012-05-1{n},9711AB,{n}\n" for n in range(6))
        (tmp_path / f"{name}.csv").write_text(HEAD + rows)
    gc.disable()  # else chance decides whether the parent or the child clears up
    try:
        compare([tmp_path / "leerplicht.csv", tmp_path / "swv.csv"], out=tmp_path / "out")
        child = os.fork()
        if child == 0:
            gc.collect()
            os._exit(0)
        _, status = os.waitpid(child, 0)
    finally:
        gc.enable()
    assert status == 0
