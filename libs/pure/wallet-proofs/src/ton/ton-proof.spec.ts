import { WalletContractV4 } from '@ton/ton';
import { tonAccount, tonSigner } from '../../testing/ton-signer';
import { MAX_BOC_BYTES } from './bounded-boc';
import { readTonProof } from './ton-proof';

const signer = tonSigner(7);
const contract = WalletContractV4.create({ workchain: 0, publicKey: signer.publicKey });
const account = tonAccount(signer, contract, { payload: 'payload' });
const { proof, walletStateInit, publicKey } = account;

function verdictOf(input: unknown): string {
  const read = readTonProof(input);
  return read.ok ? 'read' : read.code;
}

function toUrlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

/** The account with one of its members replaced, or one of its proof's, or of its proof's domain. */
const withAccount = (change: object) => ({ ...account, ...change });
const withProof = (change: object) => ({ ...account, proof: { ...proof, ...change } });
const withDomain = (change: object) => withProof({ domain: { ...proof.domain, ...change } });

const malformed = 'wallet.proof_malformed';
const tooLong = 'wallet.proof_too_long';

describe('readTonProof', () => {
  it('reads the names of the SDK and of its backend', () => {
    const { walletStateInit: stateInit, publicKey: key, ...rest } = account;
    const other = { ...rest, public_key: key, proof: { ...proof, state_init: stateInit } };

    expect(readTonProof(account)).toMatchObject({
      ok: true,
      value: {
        network: '-239',
        publicKey: signer.publicKey,
        stateInit: Buffer.from(stateInit, 'base64'),
        timestamp: proof.timestamp,
        domain: 'example.com',
        payload: 'payload',
      },
    });
    expect(readTonProof(other)).toEqual(readTonProof(account));
    expect(verdictOf({ ...other, ...account })).toBe('read');
  });

  it.each<[string, object]>([
    ['a number', { network: -239 }],
    ['a chain', { network: undefined, chain: '-239' }],
    ['a chain that is a number', { network: undefined, chain: -239 }],
    ['both', { network: '-239', chain: -239 }],
  ])('reads the network from %s', (_, change) => {
    expect(readTonProof(withAccount(change))).toEqual(readTonProof(account));
  });

  it('reads URL-safe base64, padded or not', () => {
    const bytes = Buffer.alloc(64, 0xfb);
    const of = (signature: string) => readTonProof(withProof({ signature }));

    expect(bytes.toString('base64')).toMatch(/[+/].*==$/);
    expect(of(bytes.toString('base64url'))).toEqual(of(bytes.toString('base64')));
    expect(of(`${bytes.toString('base64url')}==`)).toEqual(of(bytes.toString('base64')));
    expect(readTonProof(withAccount({ walletStateInit: toUrlSafe(walletStateInit) }))).toEqual(
      readTonProof(account),
    );
  });

  it('reads what JSON made, with members of its own', () => {
    const text = JSON.stringify({ ...account, name: 'ton_proof', proof: { ...proof, extra: [1] } });

    expect(verdictOf(JSON.parse(text))).toBe('read');
  });

  it.each<[string, object]>([
    ['no key', withAccount({ publicKey: undefined })],
    ['a key of null', withAccount({ publicKey: null })],
    ['a key in capitals', withAccount({ publicKey: publicKey.toUpperCase() })],
    ['no state init', withAccount({ walletStateInit: undefined })],
    ['a friendly address', withAccount({ address: contract.address.toString() })],
    ['the date as text', withProof({ timestamp: '1760000000' })],
    ['the date of 1970', withProof({ timestamp: 0 })],
    ['an empty payload', withProof({ payload: '' })],
    ['the longest payload', withProof({ payload: 'ü'.repeat(1024) })],
    ['the longest domain', withDomain({ value: `${'ü'.repeat(127)}a`, lengthBytes: 255 })],
    ['the longest network', withAccount({ network: '-'.repeat(16) })],
    ['an unknown network, which the challenge refuses', withAccount({ network: '662387' })],
  ])('reads %s', (_, input) => {
    expect(verdictOf(input)).toBe('read');
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, malformed],
    ['null', null, malformed],
    ['text', JSON.stringify(account), malformed],
    ['a list', [account], malformed],
    ['no proof', withAccount({ proof: undefined }), malformed],
    ['a proof that is text', withAccount({ proof: 'proof' }), malformed],
    ['a domain that is text', withProof({ domain: 'example.com' }), malformed],
    ['an address of workchain 1', withAccount({ address: account.address.replace('0:', '1:') }), malformed],
    [
      'an address that is an object',
      withAccount({ address: { toString: () => account.address } }),
      malformed,
    ],
    ['an address without end', withAccount({ address: '0'.repeat(81) }), tooLong],
    ['a network that is a fraction', withAccount({ network: -239.5 }), malformed],
    ['two networks', withAccount({ chain: '-3' }), malformed],
    ['a network and a chain that is an object', withAccount({ chain: {} }), malformed],
    ['no network', withAccount({ network: undefined }), malformed],
    ['a key of 31 bytes', withAccount({ publicKey: publicKey.slice(2) }), malformed],
    ['a key with a prefix', withAccount({ publicKey: `0x${publicKey.slice(2)}` }), malformed],
    ['two keys', withAccount({ public_key: '00'.repeat(32) }), malformed],
    ['two state inits', withProof({ state_init: 'AAAA' }), malformed],
    ['an empty state init', withAccount({ walletStateInit: '' }), malformed],
    ['a state init in hex', withAccount({ walletStateInit: 'b5ee9c7' }), malformed],
    ['a state init with a line feed', withAccount({ walletStateInit: `${walletStateInit}\n` }), malformed],
    [
      'a state init that is too long',
      withAccount({ walletStateInit: 'A'.repeat(MAX_BOC_BYTES * 2) }),
      tooLong,
    ],
    ['no date', withProof({ timestamp: undefined }), malformed],
    ['a date of 1.5', withProof({ timestamp: 1.5 }), malformed],
    ['a negative date', withProof({ timestamp: -1 }), malformed],
    ['a date without end', withProof({ timestamp: Infinity }), malformed],
    ['a date beyond exact numbers', withProof({ timestamp: 2 ** 53 }), malformed],
    ['a date with zeros before it', withProof({ timestamp: '01760000000' }), malformed],
    ['a date in hex', withProof({ timestamp: '0x68e7a000' }), malformed],
    ['a date with a space', withProof({ timestamp: ' 1760000000' }), malformed],
    ['a date that is a bigint', withProof({ timestamp: 1760000000n }), malformed],
    ['a length that lies', withDomain({ lengthBytes: 10 }), malformed],
    ['no length', withDomain({ lengthBytes: undefined }), malformed],
    ['a length in characters', withDomain({ value: 'bücher.example', lengthBytes: 14 }), malformed],
    ['a domain without end', withDomain({ value: 'a'.repeat(256), lengthBytes: 256 }), tooLong],
    [
      'a domain of too many bytes, in fewer characters',
      withDomain({ value: 'ü'.repeat(128), lengthBytes: 256 }),
      tooLong,
    ],
    ['a lone surrogate in the domain', withDomain({ value: '\uD800', lengthBytes: 3 }), malformed],
    ['a lone surrogate in the payload', withProof({ payload: '\uDC00' }), malformed],
    ['a payload that is an object', withProof({ payload: {} }), malformed],
    ['a payload without end', withProof({ payload: 'a'.repeat(2049) }), tooLong],
    ['a payload of too many bytes, in fewer characters', withProof({ payload: 'ü'.repeat(1025) }), tooLong],
    ['no signature', withProof({ signature: undefined }), malformed],
    ['a signature of 63 bytes', withProof({ signature: Buffer.alloc(63).toString('base64') }), malformed],
    ['a signature in hex', withProof({ signature: '00'.repeat(64) }), malformed],
    ['a signature with less padding', withProof({ signature: proof.signature.replace(/=$/, '') }), malformed],
    ['a signature of both alphabets', withProof({ signature: `+_${proof.signature.slice(2)}` }), malformed],
    [
      'a signature with junk in its last bits',
      withProof({ signature: proof.signature.replace(/.==$/, 'B==') }),
      malformed,
    ],
    ['a signature with a space', withProof({ signature: ` ${proof.signature}` }), malformed],
    ['inherited members', Object.create(account), malformed],
  ])('refuses %s', (_, input, code) => {
    expect(verdictOf(input)).toBe(code);
  });
});
