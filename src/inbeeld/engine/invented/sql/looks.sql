-- What a mark can look like. When two spells meet on one slot the lower number stands.

CREATE TEMP TABLE look AS
SELECT look, status, reason, permission, coalesce(elsewhere, false) AS elsewhere
FROM (VALUES
    (1, 'absent', 'unknown', NULL, NULL),       -- refusal, the school has not said
    (2, 'absent', 'unknown', false, NULL),      -- refusal, without permission
    (3, 'absent', 'sick', true, NULL),          -- refusal that is reported as sickness
    (4, 'absent', 'leave', false, NULL),        -- holiday nobody granted
    (5, 'absent', 'leave', true, NULL),
    (6, 'absent', 'sick', true, NULL),
    (7, 'absent', 'sick', NULL, NULL),
    (8, 'absent', 'appointment', true, NULL),
    (9, 'absent', 'truant', false, NULL),
    (10, 'absent', 'unknown', NULL, NULL),
    (11, 'absent', 'unknown', false, NULL),
    (12, 'removed', NULL, NULL, NULL),
    (13, 'late', 'unknown', false, NULL),
    (14, 'late', 'appointment', true, NULL),
    (15, 'other', NULL, true, NULL),            -- excursion, exam, placement
    (17, 'absent', 'sick', true, NULL),         -- on a free day
    (18, 'absent', 'unknown', NULL, true)       -- at a school of others
) AS t(look, status, reason, permission, elsewhere);
