import { decodeBase64, decodeBase64url, decodeUtf8 } from './encoding';

describe('decodeBase64url', () => {
  it.each([
    ['', ''],
    ['Zg', 'f'],
    ['Zm8', 'fo'],
    ['Zm9v', 'foo'],
    ['fn5-Pz8_', '~~~???'],
  ])('decodes %p', (text, decoded) => {
    expect(decodeBase64url(text)?.toString()).toBe(decoded);
  });

  it.each(['Zg==', 'Zh', 'Zm9', 'fn5+Pz8/', 'Zm9v\n', ' Zm9v', 'Zm=9v', 'Z', 'Zmé'])(
    'refuses another spelling: %p',
    (text) => {
      expect(decodeBase64url(text)).toBeUndefined();
    },
  );
});

describe('decodeBase64', () => {
  it.each([
    ['', ['']],
    ['f', ['Zg', 'Zg==']],
    ['fo', ['Zm8', 'Zm8=']],
    ['foo', ['Zm9v']],
    ['~~~???', ['fn5-Pz8_', 'fn5+Pz8/']],
    ['~~~???~', ['fn5-Pz8_fg', 'fn5-Pz8_fg==', 'fn5+Pz8/fg', 'fn5+Pz8/fg==']],
  ])('decodes %p in every spelling', (decoded, spellings) => {
    expect(spellings.map((text) => decodeUtf8(decodeBase64(text) ?? Buffer.of(0xff)))).toEqual(
      spellings.map(() => decoded),
    );
  });

  it.each([
    'Zg=',
    'Zg===',
    '=',
    '==',
    'Zh',
    'Zh==',
    'Zm9',
    'fn5+Pz8_',
    'fn5-Pz8/',
    'Zm9v\n',
    ' Zm9v',
    'Zm=9v',
    'Z',
    'Zmé',
  ])('refuses %p', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});

describe('decodeUtf8', () => {
  it('keeps the byte order mark', () => {
    expect(decodeUtf8(Buffer.from('efbbbfc3a9', 'hex'))).toBe('\uFEFFé');
  });

  it.each(['ff', 'c3', 'c080', 'eda080', 'f4908080'])('refuses bytes that are not UTF-8: %s', (hex) => {
    expect(decodeUtf8(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});
