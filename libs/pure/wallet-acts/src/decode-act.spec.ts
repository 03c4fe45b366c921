import { digestToSign } from '@countersign/wallet-keys';
import { hashMessage, hashTypedData, keccak256 } from 'viem';
import { decodeAct, decodedActJson, type ActContext, type DecodedAct, type WalletAct } from '.';

const context: ActContext = {
  chain: 'eip155:1',
  address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  domains: ['app.example.com'],
  allowedCalls: [],
  now: new Date('2026-11-26T05:00:00Z'),
};
const ofTon: ActContext = { ...context, chain: 'ton:-239', address: `0:${'ab'.repeat(32)}` };
const to = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const fees = { nonce: 7, gas: 60_000, maxFeePerGas: '30000000000', maxPriorityFeePerGas: '1000000000' };

function decoded(act: WalletAct, given: ActContext = context): DecodedAct {
  const read = decodeAct(act, given);
  if (!read.ok) throw new Error(`${read.code} ${read.detail ?? ''}`);
  return read.value;
}

const transfer: WalletAct = {
  kind: 'transaction',
  transaction: { ...fees, to, data: `0xa9059cbb${to.slice(2).padStart(64, '0')}${'5'.padStart(64, '0')}` },
};
const permit = {
  types: {
    Permit: [
      { name: 'owner', type: 'address' },
      { name: 'spender', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'nonce', type: 'uint256' },
      { name: 'deadline', type: 'uint256' },
    ],
  },
  primaryType: 'Permit',
  domain: { name: 'Dollar', version: '1', chainId: 1, verifyingContract: to },
  message: { owner: to, spender: to, value: '9', nonce: 0, deadline: 1_800_000_000 },
} as const;
const acts: readonly (readonly [WalletAct, ActContext])[] = [
  [{ kind: 'message', message: 'Hello', encoding: 'text' }, context],
  [{ kind: 'typed-data', typedData: permit }, context],
  [transfer, context],
  [{ kind: 'ton-proof', domain: 'app.example.com', payload: 'nonce' }, ofTon],
  [{ kind: 'ton-data', domain: 'app.example.com', data: { type: 'text', text: 'Hello' } }, ofTon],
];

describe('a decoded act', () => {
  it.each(acts)('has bytes that custody signs %#', (act, given) => {
    const { signingKind, payload } = decoded(act, given);

    expect(digestToSign(signingKind, payload)).toHaveLength(32);
  });

  it.each(acts)('has another digest for each wallet and chain %#', (act, given) => {
    const other = given === ofTon ? `0:${'cd'.repeat(32)}` : to;
    const digests = [given, { ...given, address: other }].map((one) =>
      decoded(act, one).digest.toString('hex'),
    );

    expect(new Set(digests).size).toBe(2);
  });

  it('is JSON with numbers as text, and without the bytes', () => {
    const act = decoded(transfer);

    expect(decodedActJson(act)).toEqual({
      kind: 'transaction',
      chain: 'eip155:1',
      address: context.address,
      signingKind: 'evm-transaction',
      digest: act.digest.toString('hex'),
      contract: to,
      method: 'transfer(address,uint256)',
      domain: null,
      text: null,
      spends: [
        {
          kind: 'transfer',
          token: to,
          tokenId: null,
          amount: '5',
          isAmountOrTokenId: false,
          owner: context.address,
          to,
          deadline: null,
        },
      ],
      maxFee: '1800000000000000',
      undecoded: [],
      summary: [
        'Send 5 units of the token 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC of 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 to 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC.',
        'Pay a fee of at most 0.0018 coins of eip155:1.',
      ],
    });
  });

  it("is signed as viem's message, typed data and transaction", () => {
    const [message, typed, transaction] = acts.map(([act, given]) => {
      const { signingKind, payload } = decoded(act, given);
      return `0x${digestToSign(signingKind, payload)?.toString('hex') ?? ''}`;
    });

    expect(message).toBe(hashMessage('Hello'));
    expect(typed).toBe(
      hashTypedData({
        ...permit,
        message: { ...permit.message, value: 9n, nonce: 0n, deadline: 1_800_000_000n },
      }),
    );
    expect(transaction).toBe(keccak256(decoded(transfer).payload));
  });
});
