-- The odds that a pair is one child, against strangers, twins and siblings, from its likelihood and its answers.
-- P = lam M / (lam M + U + pi_twin T + pi_sib S), after Newcombe 1993; U is 1 in these ratios. In millionths, so
-- that sums do not depend on the order in which they are made.

CREATE OR REPLACE TEMP TABLE scored AS
WITH ratios AS (
    SELECT left_row, right_row,
        likelihood + $moved AS child,
        likelihood + $twin AS twin,
        likelihood + $sibling AS sibling
    FROM open_pairs
), weighed AS (
    SELECT left_row, right_row,
        CAST(1e6 * LEAST(1e9, $lam * POW(2, child)
            / (1 + $pi_twin * POW(2, twin) + $pi_sibling * POW(2, sibling))) AS BIGINT) AS odds
    FROM ratios
), beside_rivals AS (
    SELECT *,
        SUM(odds) OVER (PARTITION BY left_row) + SUM(odds) OVER (PARTITION BY right_row) - odds AS all_odds
    FROM weighed
)
-- One partner on a list at most: whoever else would do takes away from this one.
SELECT left_row, right_row, odds, all_odds, CAST(1e6 * odds / (1e6 + all_odds) AS BIGINT) AS millionths
FROM beside_rivals;
