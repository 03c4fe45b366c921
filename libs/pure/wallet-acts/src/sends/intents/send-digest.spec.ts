import { createHash } from 'node:crypto';
import { sendDigest, type ConfirmedSend } from './read-intent';

const TO = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const TOKEN = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48';
const send: ConfirmedSend = {
  chain: 'eip155:1',
  address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  intent: { kind: 'token', token: TOKEN, to: TO, amount: 5n },
  maxFee: 9n,
};

describe('the digest of a send', () => {
  it('is SHA-256 over its fields, each with its length', () => {
    const fields = [
      ...['countersign wallet send', send.chain, send.address, '9'],
      ...['amount', '5', 'kind', 'token', 'to', TO, 'token', TOKEN],
    ];
    const hash = createHash('sha256');
    for (const field of fields) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(field.length);
      hash.update(length).update(field);
    }

    expect(sendDigest(send)).toEqual(hash.digest());
  });

  it('does not depend on the order of members', () => {
    const intent = { amount: 5n, to: TO, token: TOKEN, kind: 'token' } as const;

    expect(sendDigest({ ...send, intent })).toEqual(sendDigest(send));
  });

  it.each<Partial<ConfirmedSend>>([
    { chain: 'eip155:10' },
    { address: TO },
    { maxFee: 10n },
    { intent: { kind: 'token', token: TOKEN, to: TO, amount: 6n } },
    { intent: { kind: 'token', token: TO, to: TOKEN, amount: 5n } },
    { intent: { kind: 'coin', to: TO, amount: 5n } },
    { intent: { kind: 'coin', to: TO, amount: 5n, comment: null } },
    { intent: { kind: 'coin', to: TO, amount: 5n, comment: 'null' } },
    { intent: { kind: 'collectible', standard: 'erc721', contract: TOKEN, tokenId: 5n, to: TO, amount: 1n } },
    {
      intent: { kind: 'collectible', standard: 'erc1155', contract: TOKEN, tokenId: 5n, to: TO, amount: 1n },
    },
  ])('is another one with %p', (changed) => {
    const other = sendDigest({ ...send, ...changed });

    expect(other).not.toEqual(sendDigest(send));
    expect(other).toHaveLength(32);
  });
});
