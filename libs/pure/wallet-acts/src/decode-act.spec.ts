import { digestToSign } from '@countersign/wallet-keys';
import {
  decoded,
  DOMAIN,
  onEthereum,
  onTon,
  STRANGER as to,
  transaction,
  transferData,
  WALLET,
} from '../testing/decoding';
import { decodeAct, decodedActJson, type ActContext, type WalletAct } from '.';

const transfer = transaction({ to, data: transferData });
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
  [{ kind: 'message', message: 'Hello', encoding: 'text' }, onEthereum],
  [{ kind: 'typed-data', typedData: permit }, onEthereum],
  [transfer, onEthereum],
  [{ kind: 'ton-proof', domain: DOMAIN, payload: 'nonce' }, onTon],
];

describe('a decoded act', () => {
  it.each(acts)('has bytes that custody signs %#', (act, given) => {
    const { signingKind, payload } = decoded(act, given);

    expect(digestToSign(signingKind, payload, onEthereum.now)).toHaveLength(32);
  });

  it('is JSON with numbers as text, and without the bytes', () => {
    const act = decoded(transfer);

    expect(decodedActJson(act)).toEqual({
      kind: 'transaction',
      chain: 'eip155:1',
      address: WALLET,
      signingKind: 'evm-transaction',
      digest: act.digest.toString('hex'),
      contract: to,
      method: 'transfer(address,uint256)',
      timestamp: null,
      domain: null,
      text: null,
      spends: [
        {
          kind: 'transfer',
          token: to,
          tokenId: null,
          amount: '5',
          isAmountOrTokenId: false,
          isCollectible: false,
          owner: WALLET,
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

  it.each<readonly [string, Partial<ActContext>]>([
    ['another spelling of its chain', { chain: 'tvm:-239' }],
    ['no chain', { chain: 'ethereum' }],
    ['an address with a checksum', { address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' }],
    ['no instant', { now: new Date(Number.NaN) }],
  ])('is none of a context with %s', (_, part) => {
    expect(() => decodeAct(transfer, { ...onEthereum, ...part })).toThrow(RangeError);
  });

  it('is none for a chain of another kind', () => {
    const codes = acts.map(([act, given]) => decodeAct(act, given === onTon ? onEthereum : onTon));

    expect(codes).toEqual(acts.map(() => ({ ok: false, code: 'wallet.chain_mismatch' })));
  });
});
