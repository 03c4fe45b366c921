import { SiweMessage } from '@signinwithethereum/siwe';
import { siweVectors } from '../../testing/vectors';
import { readEvmAddress } from './evm-address';
import { evmProofOf } from './evm-signature';
import { MAX_SIWE_BYTES, readSiweMessage, siweMessage, type SiweChallenge } from './siwe-message';

const challenge: SiweChallenge = {
  domain: 'app.example.com:8443',
  address: '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2',
  uri: 'https://app.example.com:8443',
  chainId: 1,
  nonce: 'k3jh4k5jh34kjh5k',
  issuedAt: new Date('2026-01-02T03:04:05.678Z'),
  expirationTime: new Date('2026-01-02T03:09:05.678Z'),
  statement: 'Sign in to Example with this wallet.',
};
const text = [
  'app.example.com:8443 wants you to sign in with your Ethereum account:',
  '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  '',
  'Sign in to Example with this wallet.',
  '',
  'URI: https://app.example.com:8443',
  'Version: 1',
  'Chain ID: 1',
  'Nonce: k3jh4k5jh34kjh5k',
  'Issued At: 2026-01-02T03:04:05.678Z',
  'Expiration Time: 2026-01-02T03:09:05.678Z',
].join('\n');

function codeFor(message: string): string {
  const read = readSiweMessage(message);
  return read.ok ? 'accepted' : read.code;
}

/** The message with one line, or a part of it, replaced. */
function changed(part: string | RegExp, replacement: string): string {
  const other = text.replace(part, replacement);
  expect(other).not.toBe(text);
  return other;
}

describe('readSiweMessage', () => {
  it.each(Object.entries(siweVectors['parsing_positive.json'].vectors))(
    'reads "%s"',
    (_, { message, fields }) => {
      const read = readSiweMessage(message);
      const given = Object.fromEntries(
        Object.entries(fields).filter(([, value]) => (value as unknown) !== null),
      );

      expect(read.ok && read.value).toMatchObject(given);
    },
  );

  it.each(Object.entries(siweVectors['parsing_negative.json'].vectors))('refuses "%s"', (_, message) => {
    expect(codeFor(message)).toBe('message_malformed');
  });

  it('reads a checksum that has no capitals', () => {
    const address = '0x0000000000000000000000000000000000000001';

    expect(codeFor(changed(/^0x.*$/m, address))).toBe('accepted');
  });

  it.each([
    ['a chain id with a zero before it', 'Chain ID: 1', 'Chain ID: 01'],
    ['a chain id beyond exact numbers', 'Chain ID: 1', 'Chain ID: 9007199254740993'],
    ['a nonce of 129 characters', /Nonce: .*/, `Nonce: ${'a'.repeat(129)}`],
    ['a nonce with a dash', /Nonce: .*/, 'Nonce: abcd-efgh'],
    ['a lower-case t', /(Issued At: .*)T/, '$1t'],
    ['a lower-case z', /(Issued At: .*)Z/, '$1z'],
    ['31 February', /Issued At: .*/, 'Issued At: 2026-02-31T00:00:00Z'],
    ['a leap second, which no Date holds', /Issued At: .*/, 'Issued At: 2016-12-31T23:59:60Z'],
    ['a date without a zone', /(Issued At: .*)Z/, '$1'],
    ['CRLF', /\n/, '\r\n'],
    ['a line feed at the end', /$/, '\n'],
    ['a space at the end', /$/, ' '],
    ['NUL', 'Sign in', 'Sign\0in'],
    ['a byte order mark', /^/, '\uFEFF'],
    ['a Cyrillic letter in the domain', 'example', 'ex\u0430mple'],
    ['an ideographic full stop in the domain', 'app.example', 'app\u3002example'],
    ['a right-to-left override in the statement', 'Example', '\u202Eelpmaxe'],
    ['a lone surrogate', 'Example', '\uD800'],
    ['two nonces', /(Nonce: .*)\n/, '$1\n$1\n'],
    ['fields in another order', /(URI: .*)\n(Version: 1)/, '$2\n$1'],
    ['version 2', 'Version: 1', 'Version: 2'],
    ['an address in lower case', /^0x.*$/m, '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'],
    ['a wrong checksum', 'C02aaA', 'C02aAA'],
    ['an address of 39 digits', /^(0x.*).$/m, '$1'],
    ['a path in the domain', 'com:8443 wants', 'com:8443/path wants'],
    ['a field of its own', /(Nonce: .*)/, '$1\nAdmin: true'],
  ])('refuses %s', (_, part, replacement) => {
    expect(codeFor(changed(part, replacement))).toBe('message_malformed');
  });

  it.each(['', ' ', '\n', '{}', 'null', '0x', text.slice(0, 60), `${text}${text}`])(
    'refuses %j',
    (message) => {
      expect(codeFor(message)).toBe('message_malformed');
    },
  );

  it('measures 4 KiB before it reads', () => {
    const of = (bytes: number) =>
      changed(/Sign in.*/, 'a'.repeat(bytes - text.length + challenge.statement.length));

    expect(codeFor(of(MAX_SIWE_BYTES))).toBe('accepted');
    expect(codeFor(of(MAX_SIWE_BYTES + 1))).toBe('message_too_long');
    expect(codeFor('\u20AC'.repeat(1400))).toBe('message_too_long');
    expect(codeFor('a'.repeat(50_000_000))).toBe('message_too_long');
  });
});

describe('messages of EIP-4361 and their signatures', () => {
  async function provenBy(message: string, signature: string): Promise<string> {
    const read = readSiweMessage(message);
    const address = readEvmAddress(read.ok ? read.value.address : '');
    if (!address.ok) throw new Error(address.code);
    const proof = await evmProofOf({ message, signature, address: address.value });
    return proof.ok ? proof.value.by : proof.code;
  }

  it.each(Object.entries(siweVectors['verification_positive.json'].vectors))(
    'are proven by the key: "%s"',
    async (_, { signature, ...fields }) => {
      expect(await provenBy(new SiweMessage(fields).toMessage(), signature)).toBe('key');
    },
  );

  it.each([
    ['malformed signature', 'wallet.signature_malformed'],
    ['wrong signature', 'contract'],
  ])('are not proven by a %s: %s', async (name, verdict) => {
    const { signature = '', ...fields } = siweVectors['verification_negative.json'].vectors[name] ?? {};

    expect(await provenBy(new SiweMessage(fields).toMessage(), signature)).toBe(verdict);
  });

  it.each(Object.entries(siweVectors['eip1271.json'].vectors))(
    'are left to the contract "%s"',
    async (_, { message, signature }) => {
      expect(await provenBy(message, signature)).toBe('contract');
    },
  );
});

describe('siweMessage', () => {
  it('is the text that wallets know', () => {
    expect(siweMessage(challenge)).toBe(text);
  });

  it.each([
    'localhost:5173',
    '[::1]:8080',
    'my_game.example',
    'xn--e1afmkfd.example',
    '203.0.113.7',
    `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.example`,
  ])('is issued for the site %s', (domain) => {
    expect(codeFor(siweMessage({ ...challenge, domain, uri: `https://${domain}` }))).toBe('accepted');
  });

  it.each<[string, Partial<SiweChallenge>]>([
    ['a statement of two lines', { statement: 'Yes.\nURI: https://evil.example' }],
    ['a statement beyond ASCII', { statement: 'Да' }],
    ['a domain that is none', { domain: 'example.com/path' }],
    ['a domain beyond ASCII', { domain: 'bücher.example' }],
    ['a scheme in the domain', { domain: 'https://example.com' }],
    ['a short nonce', { nonce: 'abc' }],
    ['a chain id that is no number', { chainId: NaN }],
    ['chain 0', { chainId: 0 }],
    ['a chain id of 1.5', { chainId: 1.5 }],
    ['a URI that is none', { uri: 'here and there' }],
  ])('does not issue %s', (_, wrong) => {
    expect(() => siweMessage({ ...challenge, ...wrong })).toThrow(
      new RangeError('no Sign-In with Ethereum message can hold this challenge'),
    );
  });
});
