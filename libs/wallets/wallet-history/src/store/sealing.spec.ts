import { createDataKey, generateKeyRing, KeyRing } from '@countersign/crypto';
import type { HistoryEntry } from '../entry';
import { sealedAsset, sealedCounterparties, sealedFinal, sealedPending } from './sealing';

const digest = Buffer.alloc(32, 1);
const aad = { table: 'wallets', column: 'wallet_key', row: 'one' };
const { dataKey } = createDataKey(KeyRing.parse(JSON.stringify(generateKeyRing())), aad);

function anEntry(amount: string): HistoryEntry {
  return {
    block: { number: 7, hash: `0x${'1'.repeat(64)}`, at: 1_700_000_000 },
    transaction: null,
    part: 0,
    transfers: [
      {
        kind: 'withdrawal',
        standard: 'native',
        contract: null,
        tokenId: null,
        direction: 'in',
        counterparty: null,
        amount,
        logIndex: null,
        batchIndex: null,
        spam: [],
      },
    ],
    vanishedAt: null,
  };
}

describe('sealed rows of a history', () => {
  const [short, long] = [anEntry('1'), anEntry('9'.repeat(77))];

  it('have sizes that do not tell which transfer of a block they are', () => {
    const sizes = [short, long].map((entry) => [
      sealedPending.seal(dataKey, [digest, 0], entry).length,
      sealedFinal.seal(dataKey, [digest, 1], entry).length,
    ]);
    const record = { standard: 'erc20', contract: `0x${'2'.repeat(40)}`, tokenId: null, events: [] } as const;
    const assets = ['1', '9'.repeat(77)].map(
      (change) => sealedAsset.seal(dataKey, [digest, digest], { ...record, change }).length,
    );
    const counterparties = [1, 20].map(
      (count) =>
        sealedCounterparties.seal(dataKey, ['one', 'eip155:1'], Array(count).fill(`0x${'3'.repeat(40)}`))
          .length,
    );

    expect(sizes[0]).toEqual(sizes[1]);
    expect(assets[0]).toBe(assets[1]);
    expect(counterparties[0]).toBe(counterparties[1]);
  });

  it('are read as they were', () => {
    const record = { standard: 'native', contract: null, tokenId: null, events: [], change: '-5' } as const;
    const wallet = { dataKey, walletId: 'one' };

    expect(
      sealedPending.open(wallet.dataKey, [digest, 3], sealedPending.seal(wallet.dataKey, [digest, 3], long)),
    ).toEqual(long);
    expect(
      sealedFinal.open(wallet.dataKey, [digest, 4], sealedFinal.seal(wallet.dataKey, [digest, 4], short)),
    ).toEqual(short);
    expect(
      sealedAsset.open(
        wallet.dataKey,
        [digest, digest],
        sealedAsset.seal(wallet.dataKey, [digest, digest], record),
      ),
    ).toEqual(record);
    expect(
      sealedCounterparties.open(
        wallet.dataKey,
        [wallet.walletId, 'eip155:1'],
        sealedCounterparties.seal(wallet.dataKey, [wallet.walletId, 'eip155:1'], ['0x1']),
      ),
    ).toEqual(['0x1']);
  });
});
