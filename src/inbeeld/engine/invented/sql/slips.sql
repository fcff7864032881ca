-- What goes wrong when people write a name by hand. How often each kind does stands in damage.toml.

-- Does this go wrong for this child on this list?
CREATE OR REPLACE MACRO slips(number, kind) AS
    chance(number, getvariable('on_list') || ' ' || kind) < getvariable('rates')[kind];

-- A whole number from 0 up to but not including `below`, for this child on this list.
CREATE OR REPLACE MACRO slip_lot(number, purpose, below) AS lot(number, getvariable('on_list') || ' ' || purpose, below);

-- One key wrong, never the first: two letters swapped, one lost, one twice, or the key beside it.
CREATE OR REPLACE MACRO typed_at(name, place, kind) AS CASE kind
    WHEN 0 THEN name[:place - 1] || name[place + 1] || name[place] || name[place + 2:]
    WHEN 1 THEN name[:place - 1] || name[place + 1:]
    WHEN 2 THEN name[:place] || name[place:]
    ELSE name[:place - 1] || translate(name[place], 'abcdefghijklmnopqrstuvwxyz', 'svxfrghjuklknmpowtaribectx') || name[place + 1:]
END;
CREATE OR REPLACE MACRO mistyped(number, purpose, name) AS CASE
    WHEN length(name) < 4 THEN name
    ELSE typed_at(name, 2 + slip_lot(number, purpose || ' at', length(name) - 2), slip_lot(number, purpose || ' kind', 4))
END;

-- As it sounds: the first of these that is in the name is written the other way.
CREATE OR REPLACE MACRO as_heard(name) AS CASE
    WHEN name LIKE '%ph%' THEN replace(name, 'ph', 'f')
    WHEN name LIKE '%th%' OR name LIKE 'Th%' THEN replace(replace(name, 'th', 't'), 'Th', 'T')
    WHEN name LIKE '%ck%' THEN replace(name, 'ck', 'k')
    WHEN name LIKE '%ei%' THEN replace(name, 'ei', 'ij')
    WHEN name LIKE '%ou%' THEN replace(name, 'ou', 'au')
    WHEN name LIKE '%aa%' THEN replace(name, 'aa', 'a')
    WHEN name LIKE '%oe%' THEN replace(name, 'oe', 'u')
    WHEN name LIKE '%c%' OR name LIKE 'C%' THEN replace(replace(name, 'c', 'k'), 'C', 'K')
    WHEN name LIKE '%dt' THEN name[:-2] || 't'
    WHEN name LIKE '%s' THEN name[:-2] || 'z'
    ELSE name
END;

CREATE OR REPLACE MACRO without_accents(name) AS
    strip_accents(replace(replace(replace(name, 'ı', 'i'), 'ł', 'l'), 'Ł', 'L'));
CREATE OR REPLACE MACRO other_ij(name) AS CASE
    WHEN name LIKE '%ij%' OR name LIKE '%IJ%' THEN replace(replace(name, 'ij', 'y'), 'IJ', 'Y')
    ELSE replace(replace(name, 'y', 'ij'), 'Y', 'IJ')
END;
CREATE OR REPLACE MACRO initials(names) AS
    list_aggregate(list_transform(string_split(names, ' '), lambda name: name[1] || '.'), 'string_agg', '');
