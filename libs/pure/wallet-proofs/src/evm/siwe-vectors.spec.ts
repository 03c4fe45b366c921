import { Wallet } from 'ethers';
import { siweVectors, type SignedSiweFields } from '../../testing/vectors';
import { fieldsOfSiwe, verifySiwe, writeSiwe, type SiweFields } from '../../testing/verify-siwe';
import { readSiweMessage } from './siwe-message';

const wallet = new Wallet(`0x${'11'.repeat(32)}`);
const issued: SiweFields = {
  domain: 'app.example.com',
  address: wallet.address,
  statement: 'Sign in to Example with this wallet.',
  uri: 'https://app.example.com',
  version: '1',
  chainId: 1,
  nonce: 'k3jh4k5jh34kjh5k',
  issuedAt: '2026-01-02T03:04:05.678Z',
  expirationTime: '2026-01-02T03:09:05.678Z',
};
const message = [
  'app.example.com wants you to sign in with your Ethereum account:',
  wallet.address,
  '',
  'Sign in to Example with this wallet.',
  '',
  'URI: https://app.example.com',
  'Version: 1',
  'Chain ID: 1',
  'Nonce: k3jh4k5jh34kjh5k',
  'Issued At: 2026-01-02T03:04:05.678Z',
  'Expiration Time: 2026-01-02T03:09:05.678Z',
].join('\n');
const now = new Date('2026-01-02T03:05:00.000Z');

function fieldsOf(text: string): SiweFields {
  const read = readSiweMessage(text);
  if (!read.ok) throw new Error(read.code);
  return fieldsOfSiwe(read.value);
}

async function verdictOf(text: string, signature: string, policy = { issued, now }): Promise<string> {
  const verdict = await verifySiwe({ message: text, signature }, policy);
  return verdict.ok ? verdict.value.by : verdict.code;
}

/** As the suite of the vectors does it: a message is made of the fields, and judged at their time or now. */
async function verdictOfVector({ signature, time, ...fields }: SignedSiweFields): Promise<string> {
  const text = writeSiwe(fields);
  if (!text.ok) return text.code;
  return verdictOf(text.value, signature, { issued: fields, now: time === undefined ? now : new Date(time) });
}

describe('messages of EIP-4361 and their signatures', () => {
  it.each(Object.entries(siweVectors['verification_positive.json'].vectors))(
    'accepts "%s"',
    async (_, vector) => {
      expect(await verdictOfVector(vector)).toBe('key');
    },
  );

  it.each([
    ['malformed signature', 'wallet.signature_malformed'],
    ['invalid issuedAt', 'message_malformed'],
    ['not yet valid', 'message_not_yet_valid'],
    ['custom time', 'message_expired'],
    ['wrong signature', 'contract'],
  ])('does not accept "%s": %s', async (name, verdict) => {
    const vectors = siweVectors['verification_negative.json'].vectors;

    expect(Object.keys(vectors)).toHaveLength(5);
    expect(await verdictOfVector(vectors[name] as SignedSiweFields)).toBe(verdict);
  });

  it.each(Object.entries(siweVectors['eip1271.json'].vectors))(
    'leaves the contract wallet "%s" to its contract',
    async (_, { message: text, signature }) => {
      const fields = fieldsOf(text);
      const policy = { issued: fields, now: new Date(fields.issuedAt) };

      expect(await verdictOf(text, signature, policy)).toBe('contract');
    },
  );

  it('accepts the issued message, signed', async () => {
    expect(await verdictOf(message, await wallet.signMessage(message))).toBe('key');
  });

  it.each([
    ['for another domain', 'app.example.com wants', 'evil.example wants'],
    ['for a domain below it', 'app.example.com wants', 'a.app.example.com wants'],
    ['for the domain in capitals', 'app.example.com wants', 'APP.example.com wants'],
    ['with a scheme before the domain', /^/, 'https://'],
    ['for another URI', 'URI: https://app.example.com', 'URI: https://app.example.com/'],
    ['for another chain', 'Chain ID: 1', 'Chain ID: 10'],
    ['with another nonce', 'k3jh4k5jh34kjh5k', 'K3jh4k5jh34kjh5k'],
    ['with a nonce that begins like it', 'k3jh4k5jh34kjh5k', 'k3jh4k5jh34kjh5kA'],
    ['with another statement', 'Sign in to', 'Link to'],
    ['without its statement', 'Sign in to Example with this wallet.\n', ''],
    ['with another date', '03:04:05.678Z', '03:04:05.679Z'],
    ['with the same date in another zone', '03:04:05.678Z', '04:04:05.678+01:00'],
    ['with a later end', '03:09:05.678Z', '04:09:05.678Z'],
    ['without an end', /\nExpiration Time: .*/, ''],
    ['with a request id', /$/, '\nRequest ID: a'],
    ['with an empty request id', /$/, '\nRequest ID: '],
    ['with an empty list of resources', /$/, '\nResources:'],
    ['with a resource', /$/, '\nResources:\n- https://evil.example'],
    ['with a beginning', /$/, '\nNot Before: 2026-01-02T03:04:05.678Z'],
    ['for another address', wallet.address, '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'],
  ])('refuses a message %s, signed by the wallet', async (_, part, replacement) => {
    const other = message.replace(part, replacement);

    expect(readSiweMessage(other).ok).toBe(true);
    expect(await verdictOf(other, await wallet.signMessage(other))).toBe('message_mismatch');
  });

  it('compares resources in their order', async () => {
    const text = `${message}\nResources:\n- https://a.example\n- https://b.example`;
    const other = `${message}\nResources:\n- https://b.example\n- https://a.example`;
    const policy = { issued: fieldsOf(text), now };

    expect(await verdictOf(text, await wallet.signMessage(text), policy)).toBe('key');
    expect(await verdictOf(other, await wallet.signMessage(other), policy)).toBe('message_mismatch');
  });

  it('ends at the very moment that it names', async () => {
    const signature = await wallet.signMessage(message);
    const at = (time: string) => verdictOf(message, signature, { issued, now: new Date(time) });

    expect(await at('2026-01-02T03:09:05.677Z')).toBe('key');
    expect(await at('2026-01-02T03:09:05.678Z')).toBe('message_expired');
  });

  it('looks at the message before the signature', async () => {
    const other = message.replace('k3jh4k5jh34kjh5k', 'anothernonce');

    expect(await verdictOf(other, 'junk')).toBe('message_mismatch');
    expect(await verdictOf(message, 'junk', { issued, now: new Date('2027-01-01') })).toBe('message_expired');
    expect(await verdictOf(message, 'junk')).toBe('wallet.signature_malformed');
  });
});
