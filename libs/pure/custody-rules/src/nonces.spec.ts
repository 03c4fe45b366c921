import { parseTransaction } from 'viem';
import type { Refused } from '@countersign/custody-protocol';
import type { DecodedAct } from '@countersign/wallet-acts';
import { assertNonce, cancellationOf, signedOf } from './nonces';

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'allowed';
  } catch (error) {
    return (error as Refused).code;
  }
};

describe('a nonce', () => {
  it.each<readonly [next: number | null, highest: number | null, allowed: readonly number[]]>([
    [null, null, []],
    [null, 3, []],
    [0, null, [0]],
    [4, null, [4]],
    [4, 2, [4]],
    [4, 4, [4, 5]],
    [4, 9, [4, 5, 6, 7, 8, 9, 10]],
    [0, 14, [...Array(16).keys()]],
    [0, 15, [...Array(16).keys()]],
    // Of a report that is older than an earlier one.
    [0, 40, [...Array(16).keys()]],
  ])('is signed from %s of the chain on, where %s is the highest', (next, highest, allowed) => {
    const nonces = [...Array(50).keys()];
    expect(
      nonces.filter(
        (nonce) => codeOf(() => assertNonce({ next, highest, price: null }, nonce)) === 'allowed',
      ),
    ).toEqual(allowed);
    const code = codeOf(() => assertNonce({ next, highest, price: null }, 49));
    expect(code).toBe(next === null ? 'nonce_unread' : 'nonce_outside');
  });
});

describe('a cancellation', () => {
  const address = `0x${'7e'.repeat(20)}` as const;
  const account = { next: 2, highest: 5 };
  const wanted = { chain: 'eip155:10', address, nonce: 2, gas: 21_000n, price: 0n };
  const of = (more: Partial<typeof wanted>, signedPrice: bigint, next: number | null = account.next) =>
    cancellationOf({ ...account, next, price: String(signedPrice) }, { ...wanted, ...more });

  it.each([
    [0n, 0n, 0n],
    [1n, 0n, 2n],
    [10n, 0n, 11n],
    [11n, 0n, 13n],
    [1_000n, 1_099n, 1_100n],
    [1_000n, 1_101n, 1_101n],
  ])('costs a tenth more than a price of %s, and no less than %s', (signed, price, expected) => {
    expect(of({ price }, signed).price).toBe(expected);
  });

  it('sends nothing to the wallet itself, without data', () => {
    const { unsigned } = of({ price: 5n }, 3n);

    const {
      type,
      chainId,
      to,
      value = 0n,
      data = '0x',
      nonce,
      gas,
      gasPrice,
    } = parseTransaction(`0x${unsigned.toString('hex')}`);
    expect({ type, chainId, to, value, data, nonce, gas, gasPrice }).toEqual({
      ...{ type: 'legacy', chainId: 10, to: address, value: 0n, data: '0x' },
      ...{ nonce: 2, gas: 21_000n, gasPrice: 5n },
    });
  });

  it.each([1, 6, 1_000_000])('is none of a nonce that is settled or not signed: %d', (nonce) => {
    expect(codeOf(() => of({ nonce }, 1n))).toBe('nonce_outside');
  });

  it('waits for a report after a restore', () => {
    expect(codeOf(() => of({}, 1n, null))).toBe('nonce_unread');
  });
});

describe('a signature', () => {
  it.each([
    [[60n, 120n], '1970-01-01T00:02:00.000Z'],
    [[60n, null], 'infinity'],
    [[2n ** 256n - 1n], 'infinity'],
  ])('can move until the last of its deadlines (%#)', (deadlines, expected) => {
    const spends = deadlines.map((deadline) => ({ deadline }));
    const act = { signingKind: 'evm-typed-data', spends } as unknown as DecodedAct;
    expect(signedOf(act)).toEqual({ nonce: null, price: 0n, endsAt: expected });
  });
});
