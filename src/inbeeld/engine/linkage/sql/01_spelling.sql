-- How a name is read: small letters, no marks on them, ij as y; all that is no letter parts words.

CREATE OR REPLACE TEMP MACRO letters(written) AS
    REGEXP_REPLACE(
        REPLACE(REPLACE(REPLACE(REPLACE(
            TRANSLATE(STRIP_ACCENTS(LOWER(COALESCE(written, ''))), 'łøđıðĳ', 'lodidy'),
            'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'ij', 'y'),
        '[''’‘`´]', '', 'g');

CREATE OR REPLACE TEMP MACRO words_of(written) AS
    LIST_FILTER(
        STRING_SPLIT(REGEXP_REPLACE(letters(written), '[^\p{L}]+', ' ', 'g'), ' '),
        LAMBDA word: word <> '');

-- The words of a surname: the prefix (tussenvoegsel) says little, stands anywhere and is written in ten ways.
CREATE OR REPLACE TEMP MACRO surname_words(every_word) AS
    LIST_TRANSFORM(
        LIST_FILTER(every_word, LAMBDA word: LENGTH(word) > 1 AND NOT LIST_CONTAINS($prefixes, word)),
        LAMBDA word: REGEXP_REPLACE(word, '^(?:vander|vanden|vande)(.{4,})$$', '\1'));

-- Digits of a house number; its addition is written in too many ways.
CREATE OR REPLACE TEMP MACRO house_digits(written) AS
    NULLIF(LTRIM(REGEXP_EXTRACT(COALESCE(written, ''), '[0-9]+'), '0'), '');

CREATE OR REPLACE TEMP MACRO no_spaces(written) AS
    NULLIF(REGEXP_REPLACE(UPPER(COALESCE(written, '')), '[^A-Z0-9]+', '', 'g'), '');
