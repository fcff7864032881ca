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

-- Words of a name as one text: cheaper to carry through millions of pairs than a list.
CREATE OR REPLACE TEMP MACRO as_text(every_word) AS ARRAY_TO_STRING(every_word, ' ');

-- Each letter sets a bit: names with many bits of their own are not alike. 62, so that no sign is touched.
CREATE OR REPLACE TEMP MACRO one_bit(number) AS CAST(1 AS BIGINT) << CAST(number % 62 AS INTEGER);
CREATE OR REPLACE TEMP MACRO letter_bits(name) AS
    COALESCE(LIST_AGGREGATE(LIST_TRANSFORM(STRING_SPLIT(name, ''), LAMBDA letter: one_bit(HASH(letter))), 'bit_or'), 0);

-- Each word sets two: names with fewer than two bits in common share no word.
CREATE OR REPLACE TEMP MACRO word_bits(every_word) AS
    COALESCE(LIST_AGGREGATE(
        LIST_TRANSFORM(every_word, LAMBDA word: one_bit(HASH(word)) | one_bit(HASH(word) % 62 + 1 + HASH(word) // 62 % 61)),
        'bit_or'), 0);
