import { MAX_LOGIN_WIDGET_BYTES, readLoginWidgetFields } from './login-widget-fields';

function base64Url(text: string | Buffer): string {
  return Buffer.from(text).toString('base64url');
}

function outcome(fields: ReturnType<typeof readLoginWidgetFields>): unknown {
  return fields.ok ? Object.fromEntries(fields.value) : fields.code;
}

function ofObject(data: unknown): unknown {
  return outcome(readLoginWidgetFields({ kind: 'object', data }));
}

function ofQuery(query: string): unknown {
  return outcome(readLoginWidgetFields({ kind: 'query', query }));
}

function ofAuthResult(tgAuthResult: string): unknown {
  return outcome(readLoginWidgetFields({ kind: 'tgAuthResult', tgAuthResult }));
}

describe('the object of the callback', () => {
  it('gives numbers in their decimal text and texts as they are', () => {
    expect(ofObject({ id: 42, auth_date: '1', first_name: 'a + %20', last_name: '', zone: -3 })).toEqual({
      id: '42',
      auth_date: '1',
      first_name: 'a + %20',
      last_name: '',
      zone: '-3',
    });
  });

  it.each([
    ['a text', 'id=1', 'login_widget.malformed'],
    ['an array', [['id', 1]], 'login_widget.malformed'],
    ['an object without fields', {}, 'login_widget.empty'],
    ['half a surrogate pair', { a: '\uD83E' }, 'login_widget.malformed'],
    ['a line feed', { a: 'b\nc' }, 'login_widget.control_character'],
    ['a capital in a name', { Id: 1 }, 'login_widget.invalid_field_name'],
    ['an empty name', { '': 1 }, 'login_widget.invalid_field_name'],
    ['an equals sign in a name', { 'a=b': 1 }, 'login_widget.invalid_field_name'],
    ['a line feed in a name', { 'a\nb': 1 }, 'login_widget.invalid_field_name'],
    ['a name of 65 characters', { ['a'.repeat(65)]: 1 }, 'login_widget.invalid_field_name'],
    ['__proto__', JSON.parse('{"__proto__":"1"}'), 'login_widget.invalid_field_name'],
  ])('is refused for %s', (_, data, code) => {
    expect(ofObject(data)).toBe(code);
  });

  it.each([null, true, false, undefined, 1.5, -0, NaN, Infinity, 2 ** 53, 1e21, 1n, [1], {}, { id: 1 }])(
    'is refused for the value %p',
    (id) => {
      expect(ofObject({ id })).toBe('login_widget.invalid_field_value');
    },
  );

  it('may hold 8 KiB of UTF-8', () => {
    const largest = { a: 'a'.repeat(MAX_LOGIN_WIDGET_BYTES - 1) };

    expect(ofObject(largest)).toEqual(largest);
    expect(ofObject({ ...largest, b: '' })).toBe('login_widget.too_long');
    expect(ofObject({ a: 'я'.repeat(MAX_LOGIN_WIDGET_BYTES / 2) })).toBe('login_widget.too_long');
  });
});

describe('the query of the redirect', () => {
  it.each([
    ['id=1&first_name=a%20b+c%2Bd', { id: '1', first_name: 'a b c+d' }],
    ['?id=1', { id: '1' }],
    ['id=%2531', { id: '%31' }],
    ['id=1&last_name=&zero=0', { id: '1', last_name: '', zero: '0' }],
  ])('reads %s', (query, expected) => {
    expect(ofQuery(query)).toEqual(expected);
  });

  it.each([
    ['', 'login_widget.empty'],
    ['?', 'login_widget.empty'],
    ['?id=1#hash=0', 'login_widget.malformed'],
    ['id', 'login_widget.malformed'],
    ['id=%C0%AF', 'login_widget.malformed'],
    ['id=1&id=2', 'login_widget.duplicate_field'],
    ['id=1&%69d=1', 'login_widget.duplicate_field'],
    ['id=1%0Ausername=a', 'login_widget.control_character'],
  ])('is refused as %j', (query, code) => {
    expect(ofQuery(query)).toBe(code);
  });

  it('may be 8 KiB long', () => {
    const largest = `id=${'1'.repeat(MAX_LOGIN_WIDGET_BYTES - 3)}`;

    expect(ofQuery(largest)).toEqual({ id: largest.slice(3) });
    expect(ofQuery(`${largest}1`)).toBe('login_widget.too_long');
  });
});

describe('tgAuthResult', () => {
  it('is read as the widget writes it', () => {
    const json = String.raw`{"id":42,"first_name":"Łukasz \u0430 🦊","photo_url":"https:\/\/t.me\/a.jpg","auth_date":1,"last_name":""}`;

    expect(ofAuthResult(base64Url(json))).toEqual({
      id: '42',
      first_name: 'Łukasz а 🦊',
      photo_url: 'https://t.me/a.jpg',
      auth_date: '1',
      last_name: '',
    });
  });

  it.each(['Ada', 'Zoë', '👨‍👩‍👧‍👦 Zoë', '???>>>', '???>>>?', '???>>>??'])(
    'is read in both alphabets of base64, with padding and without: %s',
    (name) => {
      const standard = Buffer.from(`{"a":"${name}"}`).toString('base64');
      const spellings = [standard, standard.replaceAll('+', '-').replaceAll('/', '_')];

      for (const padded of spellings) {
        expect(ofAuthResult(padded)).toEqual({ a: name });
        expect(ofAuthResult(padded.replace(/=*$/, ''))).toEqual({ a: name });
        expect(ofAuthResult(`${padded}=`)).toBe('login_widget.malformed');
      }
    },
  );

  it.each([
    ['nothing', '', 'login_widget.empty'],
    ['an object without fields', base64Url('{}'), 'login_widget.empty'],
    ['its name in front', `#tgAuthResult=${base64Url('{"a":1}')}`, 'login_widget.malformed'],
    ['plain JSON', '{"a":1}', 'login_widget.malformed'],
    ['the answer of somebody who declined', 'false', 'login_widget.malformed'],
    ['both alphabets at once', `${base64Url('{"a":"???>>>"}')}+/`, 'login_widget.malformed'],
    ['padding alone', '==', 'login_widget.malformed'],
    ['too little padding', `${base64Url('{"a":1}')}=`, 'login_widget.malformed'],
    ['spare bits', `${base64Url('{"a":1}').slice(0, -1)}R`, 'login_widget.malformed'],
    ['Latin-1', base64Url(Buffer.from('{"a":"é"}', 'latin1')), 'login_widget.malformed'],
    ['a byte order mark', base64Url('\uFEFF{"a":1}'), 'login_widget.malformed'],
    ['an array', base64Url('[1]'), 'login_widget.malformed'],
    ['a field twice', base64Url('{"id":1,"id":2}'), 'login_widget.malformed'],
    ['an escaped line feed', base64Url(String.raw`{"a":"b\nc"}`), 'login_widget.control_character'],
  ])('is refused for %s', (_, text, code) => {
    expect(ofAuthResult(text)).toBe(code);
  });

  it.each([
    'null',
    'true',
    '[1]',
    '{"id":1}',
    '-0',
    '1.0',
    '1e3',
    '1.5',
    '9007199254740992',
    '9007199254740993',
    '1e400',
  ])('is refused for the value %s', (value) => {
    expect(ofAuthResult(base64Url(`{"id":${value}}`))).toBe('login_widget.invalid_field_value');
  });

  it('may be 8 KiB long', () => {
    const text = (length: number) => base64Url(`{"a":"${'a'.repeat(length)}"}`);
    const room = (MAX_LOGIN_WIDGET_BYTES / 4) * 3 - '{"a":""}'.length;

    expect(text(room)).toHaveLength(MAX_LOGIN_WIDGET_BYTES);
    expect(ofAuthResult(text(room))).toEqual({ a: 'a'.repeat(room) });
    expect(ofAuthResult(text(room + 1))).toBe('login_widget.too_long');
  });
});
