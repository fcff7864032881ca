"""Coverage: how many children there are in all, from lists that each miss some (capture-recapture).

Who is on two lists tells how complete each of them is. `reckon.py` is the way in, `answer.py` what comes out.
In between: `table.py` (children by lists), `pairwise.py` (two lists: `two_lists.py`, and `review.py` for
links that people looked at again), `jointly.py` (three to six: `models.py` on `poisson.py`, and
`sample_coverage.py`), `strata.py` (parts reckoned apart), `averaging.py` (one interval from many).
"""
