import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Address } from '@ton/core';
import { jettonKinds, jettonWalletOf, readJettonCode, type JettonCode } from './jetton-wallets';

interface Case {
  readonly id: string;
  readonly kind: (typeof jettonKinds)[number];
  readonly codeHash: string;
  readonly codeDepth: number;
  readonly merkleRoot?: string;
  readonly master: string;
  readonly owner: string;
  readonly walletRaw: string;
}
interface Negative {
  readonly id: string;
  readonly baseCase: string;
  readonly wrongResultRaw: string;
}

const file = join(__dirname, '../../../../../test/vectors/jetton-wallets.json');
const { cases, negatives } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly cases: readonly Case[];
  readonly negatives: readonly Negative[];
};
const rawOf = (address: string): string => Address.parse(address).toRawString();
const walletOf = ({ owner, master, ...one }: Case, more: Partial<JettonCode> = {}): string =>
  jettonWalletOf({ ...one, merkleRoot: BigInt(one.merkleRoot ?? 0), ...more }, rawOf(owner), rawOf(master));

describe('the wallet of a jetton', () => {
  it.each(cases.map((one) => [one.id, one] as const))('has its known address: %s', (_, one) => {
    expect(walletOf(one)).toBe(one.walletRaw);
  });

  it('has a known answer for each kind', () => {
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(jettonKinds));
  });

  it.each(negatives.map((one) => [one.id, one] as const))('has no wrong address: %s', (_, negative) => {
    const one = cases.find(({ id }) => id === negative.baseCase) as Case;
    expect(walletOf(one)).not.toBe(negative.wrongResultRaw);
  });

  it('follows a layout of its own, the code, the owner and the master', () => {
    const [usdt, other] = cases.filter(({ kind }) => kind === 'stablecoin') as [Case, Case];
    const addresses = [
      walletOf(usdt),
      walletOf(usdt, { kind: ['owner', 'master', 'balance'] }),
      walletOf(usdt, { codeHash: other.codeHash.replace('8', '9') }),
      walletOf(usdt, { codeDepth: 1 }),
      walletOf({ ...usdt, owner: other.owner }),
      walletOf({ ...usdt, master: usdt.owner }),
    ];

    expect(new Set(addresses).size).toBe(addresses.length);
    expect(walletOf(usdt, { kind: ['status', 'balance', 'owner', 'master'] })).toBe(usdt.walletRaw);
  });

  it('is in workchain 0 only', () => {
    const [one] = cases as [Case];

    expect(() => walletOf({ ...one, owner: `-1:${'ab'.repeat(32)}` })).toThrow(RangeError);
    expect(() => walletOf({ ...one, master: `-1:${'ab'.repeat(32)}` })).toThrow(RangeError);
  });
});

describe('the code of a jetton', () => {
  const code = { kind: 'stablecoin', codeHash: 'AB'.repeat(32), codeDepth: 0 };

  it('is read, by a known kind or by a layout', () => {
    const read = { codeHash: 'ab'.repeat(32), codeDepth: 0, merkleRoot: 0n };
    expect(readJettonCode(code)).toEqual({ ...read, kind: 'stablecoin' });
    const layout = ['owner', 'master', 'balance'];
    expect(readJettonCode({ ...code, kind: layout })).toEqual({ ...read, kind: layout });
    const mintless = { ...code, kind: 'mintless', merkleRoot: '7' };
    expect(readJettonCode(mintless)).toEqual({ ...read, kind: 'mintless', merkleRoot: 7n });
  });

  it.each([
    ['nothing', null],
    ['an unknown kind', { ...code, kind: 'tact' }],
    ['a layout without an owner', { ...code, kind: ['master', 'balance'] }],
    ['a field twice', { ...code, kind: ['owner', 'master', 'master'] }],
    ['an unknown field', { ...code, kind: ['owner', 'master', 'admin'] }],
    ['half a hash', { ...code, codeHash: 'ab'.repeat(16) }],
    ['no depth', { ...code, codeDepth: undefined }],
    ['a depth below 0', { ...code, codeDepth: -1 }],
    ['a depth that no cell has', { ...code, codeDepth: 1_025 }],
    ['a root of another kind', { ...code, merkleRoot: '7' }],
    ['no root', { ...code, kind: 'mintless' }],
    ['a root as number', { ...code, kind: 'mintless', merkleRoot: 7 }],
    ['a root of 257 bits', { ...code, kind: 'mintless', merkleRoot: String(2n ** 256n) }],
    ['another member', { ...code, salt: 1 }],
  ])('is not read of %s', (_, json) => {
    expect(readJettonCode(json)).toBeNull();
  });
});
