import { decodeBase64url, decodeUtf8 } from './encoding';

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

describe('decodeUtf8', () => {
  it('keeps the byte order mark', () => {
    expect(decodeUtf8(Buffer.from('efbbbfc3a9', 'hex'))).toBe('\uFEFFé');
  });

  it.each(['ff', 'c3', 'c080', 'eda080', 'f4908080'])('refuses bytes that are not UTF-8: %s', (hex) => {
    expect(decodeUtf8(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});
