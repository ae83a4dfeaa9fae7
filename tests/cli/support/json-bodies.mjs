// Texts and bytes that are JSON, that are none, and that parsers may take or refuse, in the manner of the JSON parsing test
// suite: a table of kinds, and the places in a body where each can stand.

/** Bytes, given one by one or as texts. */
const bytes = (...parts) =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part))));
const nested = (depth, open, close = '') => open.repeat(depth) + close.repeat(close ? depth : 0);

/** Values that are no JSON, wherever they stand. */
const NOT_JSON = {
  nothing: '',
  'a space': ' ',
  'a word': 'nothing',
  'a word that begins like one': 'tru',
  'a word that goes on': 'nulll',
  'a capital True': 'True',
  NaN: 'NaN',
  '-NaN': '-NaN',
  Infinity: 'Infinity',
  '-Infinity': '-Infinity',
  undefined: 'undefined',
  'a leading zero': '01',
  'a leading zero, negative': '-012',
  'a leading plus': '+1',
  'two signs': '--1',
  'a lone minus': '-',
  'a lone point': '.',
  'no digit before the point': '.5',
  'no digit after the point': '1.',
  'no digit between point and exponent': '1.e3',
  'no digit after the exponent': '1e',
  'no digit after the exponent and its sign': '1e+',
  'two exponents': '1e2e3',
  'two points': '1.2.3',
  'a hexadecimal number': '0x1F',
  'an underscore in a number': '1_000',
  'a full-width digit': '１',
  'a space in a number': '1 000',
  'a letter after a number': '1a',
  'an array that does not end': '[1',
  'an array that does not begin': '1]',
  'an array with a comma alone': '[,]',
  'an array with a comma at its end': '[1,]',
  'an array with a comma at its start': '[,1]',
  'an array with two commas': '[1,,2]',
  'an array without a comma': '[1 2]',
  'an array with a colon': '["a":1]',
  'an array that ends as an object': '[1}',
  'an array in an array that does not end': '[[1]',
  'an object that does not end': '{"a":1',
  'an object that ends as an array': '{"a":1]',
  'an object with a comma alone': '{,}',
  'an object with a comma at its end': '{"a":1,}',
  'an object with two commas': '{"a":1,,"b":2}',
  'an object without a colon': '{"a" 1}',
  'an object with two colons': '{"a"::1}',
  'an object without a value': '{"a":}',
  'an object without a key': '{:1}',
  'an object with a key that is a number': '{1:1}',
  'an object with a bare key': '{a:1}',
  'an object with a key in single quotes': "{'a':1}",
  'an object with an equals sign': '{"a"=1}',
  'a comment': '/* c */ 1',
  'a line comment': '1 // c\n',
  'a hash comment': '1 # c\n',
  'a string in single quotes': "'a'",
  'a string in backquotes': '`a`',
  'a string that does not end': '"a',
  'a string that ends with a backslash': '"a\\',
  'a string with a line feed': '"a\nb"',
  'a string with a tab': '"a\tb"',
  'a string with a NUL': '"a\u0000b"',
  'a string with an escape that is none': '"\\x41"',
  'a string with an escaped line feed': '"a\\\nb"',
  'a string with a short escape': '"\\u12"',
  'a string with an escape of no digits': '"\\uQQQQ"',
  'a string with an octal escape': '"\\012"',
  'a string with a capital U escape': '"\\U0041"',
  'a backslash outside a string': '\\n',
  'an escaped space outside a string': '\\u0020',
  'a form feed between tokens': '[1,\f2]',
  'a vertical tab between tokens': '[1,\v2]',
  'a no-break space between tokens': '[1,\u00a02]',
  'a zero-width space between tokens': '[1,\u200b2]',
  'a NUL between tokens': '[1,\u00002]',
  'two values': '1 2',
  'a value after the value': '{} {}',
  'a brace after the value': '{}}',
  'a bracket after the value': '[]]',
  markup: '<a/>',
  'a form': 'name=Shop&a=b',
  'a date': '2026-01-01',
  'opening brackets, 100,000': nested(100_000, '['),
  'opening objects, 100,000': nested(100_000, '{"a":'),
  'opening brackets and objects, 100,000': nested(100_000, '[{"a":'),
  'a string that is no UTF-8': bytes('"', 0xff, '"'),
  'a string with a lone continuation byte': bytes('"', 0x81, '"'),
  'a string with a character that breaks off': bytes('"', 0xe0, 0xff, '"'),
  'a string with an overlong slash': bytes('"', 0xc0, 0xaf, '"'),
  'a string with an overlong NUL': bytes('"', 0xfc, 0x80, 0x80, 0x80, 0x80, 0x80, '"'),
  'a string with an encoded surrogate': bytes('"', 0xed, 0xa0, 0x80, '"'),
  'a string with a character beyond Unicode': bytes('"', 0xf4, 0xbf, 0xbf, 0xbf, '"'),
  'bytes that are no UTF-8, outside a string': bytes(0xe9),
  'a string in UTF-16': Buffer.from('"é"', 'utf16le'),
};

/** Values that are JSON. */
const JSON_VALUES = {
  null: 'null',
  true: 'true',
  'an empty object': '{}',
  'an empty array': '[]',
  'an empty string': '""',
  'white space of every kind': ' \t\r\n[ \t\r\n1 \t\r\n, 2 ] \t\r\n',
  'minus zero': '-0',
  'a number with everything': '-1.5E+10',
  'a number with many digits': '3.141592653589793238462643383279',
  'a number that is almost nothing': '1e-400',
  'escapes of every kind': '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041"',
  'an escaped NUL': '"\\u0000"',
  'a surrogate pair': '"\\ud83d\\ude00"',
  'a character beyond the BMP': '"😀"',
  'a delete character': '"\u007f"',
  'line separators': '"\u2028\u2029"',
  noncharacters: '"\uffff\ufdd0"',
  'a key twice': '{"a":1,"a":2}',
  'an empty key': '{"":0}',
  'a key with an escape': '{"\\u0061":0}',
  'a key of a prototype': '{"__proto__":{"a":1},"constructor":1}',
  'nesting, 100 levels': nested(100, '[', ']'),
  'a long string': `"${'x'.repeat(100_000)}"`,
  'a long array': `[${'0,'.repeat(50_000)}0]`,
};

/** Values that a parser may take or refuse. */
const EITHER = {
  'a number that is too large': '1e400',
  'a negative number that is too large': '-1e400',
  'a number with an exponent that is too large': '1e99999999999999999999',
  'an integer of 1,000 digits': '9'.repeat(1_000),
  'a fraction of 10,000 digits': `0.${'3'.repeat(10_000)}`,
  'a lone high surrogate': '"\\ud800"',
  'a lone low surrogate': '"\\udc00"',
  'two high surrogates': '"\\ud800\\ud800"',
  'surrogates in the wrong order': '"\\ude00\\ud83d"',
  'a high surrogate and a letter': '"\\ud83dx"',
  'nesting, 500 levels': nested(500, '[', ']'),
  'nesting, 100,000 levels': nested(100_000, '[', ']'),
  'objects, 100,000 levels': `${nested(100_000, '{"a":')}1${'}'.repeat(100_000)}`,
};

/** Bodies whose fault, if it is one, is in the whole. */
const WHOLE = {
  'n: a byte order mark alone': bytes(0xef, 0xbb, 0xbf),
  'n: half a byte order mark': bytes(0xef, 0xbb, '{}'),
  'i: a byte order mark before it': bytes(0xef, 0xbb, 0xbf, '{"oAuthApp":{"name":"Shop"}}'),
  'i: in UTF-16, little-endian': Buffer.from('\ufeff{"oAuthApp":{"name":"Shop"}}', 'utf16le'),
  'i: in UTF-16, big-endian': Buffer.from('\ufeff{"oAuthApp":{"name":"Shop"}}', 'utf16le').swap16(),
  'n: a NUL after it': '{"oAuthApp":{"name":"Shop"}}\u0000',
};

const kinds = { n: NOT_JSON, y: JSON_VALUES, i: EITHER };

/** Where a value can stand in a request that would else be carried out. `takes` is whether JSON of any kind may. */
const PLACES = {
  'as the whole': { around: ['', ''], takes: false },
  'as a member that is ignored': { around: ['{"oAuthApp":{"name":"Shop"},"more":', '}'], takes: true },
  'as an ignored member of the app': { around: ['{"oAuthApp":{"name":"Shop","more":', '}}'], takes: true },
  'as the name': { around: ['{"oAuthApp":{"name":', '}}'], takes: false },
};

/** Every case: its name, the bytes, and whether it must be refused (`n`), taken (`y`) or either (`i`). */
export const bodies = [
  ...Object.entries(kinds).flatMap(([kind, values]) =>
    Object.entries(values).flatMap(([name, value]) =>
      Object.entries(PLACES).map(([place, { around, takes }]) => ({
        name: `${name}, ${place}`,
        expect: kind === 'y' && !takes ? 'i' : kind,
        body: bytes(around[0], value, around[1]),
      })),
    ),
  ),
  ...Object.entries(WHOLE).map(([name, body]) => ({ name: name.slice(3), expect: name[0], body: Buffer.from(body) })),
];
