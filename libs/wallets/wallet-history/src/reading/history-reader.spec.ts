import { createDataKey, deriveMacKey, generateKeyRing, KeyRing } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { HistoryLimits } from '../history-limits';
import { nameOfAsset, type AssetRecord } from '../assets';
import { assetDigest, assetsDigest } from '../store/digests';
import type { AssetRow, HistoryRepository, Slice } from '../store/history.repository';
import type { PendingRepository } from '../store/pending.repository';
import { sealedAsset } from '../store/sealing';
import { HistoryReader, type ReadAsset } from './history-reader';

const CHAIN = 'eip155:1';
const listed = contractOf(5_000);
const chain = { id: CHAIN, tokens: [{ address: listed, symbol: 'USDC', decimals: 6 }] };
const aad = { table: 'wallets', column: 'wallet_key', row: 'one' };
const { dataKey } = createDataKey(KeyRing.parse(JSON.stringify(generateKeyRing())), aad);
const wallet = { dataKey, macKey: deriveMacKey(dataKey, 'test') } as OpenedWallet;
const digest = assetsDigest(wallet, CHAIN);

function contractOf(number: number): `0x${string}` {
  return `0x${number.toString(16).padStart(40, '0')}`;
}

function aRow(sequence: number, contract: string | null): AssetRow {
  const standard = contract === null ? 'native' : 'erc20';
  const record: AssetRecord = { standard, contract, tokenId: null, change: String(sequence), events: [] };
  const asset = assetDigest(wallet, CHAIN, nameOfAsset(record));
  const content = sealedAsset.seal(wallet.dataKey, [digest, asset], record);
  return { digest, asset, sequence, isCollectible: false, isOwned: true, isHidden: false, content };
}

/** As the table answers. */
function readerOf(rows: readonly AssetRow[]): HistoryReader {
  const history: Partial<HistoryRepository> = {
    assets: (_, wanted) =>
      Promise.resolve(rows.filter(({ asset }) => wanted.some((one) => one.asset.equals(asset)))),
    fungible: (_, { limit }: Omit<Slice, 'after'>) => Promise.resolve(rows.slice(0, limit)),
  };
  return new HistoryReader(history as HistoryRepository, {} as PendingRepository, new HistoryLimits());
}

function changesIn(assets: readonly ReadAsset[]): (string | undefined)[] {
  return assets.map(({ record }) => record?.change);
}

describe('the coin and the tokens of a wallet', () => {
  it('have the coin and listed tokens, whatever came before them', async () => {
    const spam = Array.from({ length: 1_200 }, (_, index) => aRow(index + 1, contractOf(index + 1)));
    const reader = readerOf([...spam, aRow(1_201, null), aRow(1_202, listed)]);

    const assets = await reader.fungibleOf({} as never, wallet, chain, [], false);

    expect(assets).toHaveLength(1_002);
    expect(changesIn(assets).slice(0, 3)).toEqual(['1201', '1202', '1']);
  });

  it('are each listed once', async () => {
    const reader = readerOf([aRow(1, contractOf(1)), aRow(2, null), aRow(3, listed)]);

    const assets = await reader.fungibleOf({} as never, wallet, chain, [], false);

    expect(changesIn(assets)).toEqual(['2', '3', '1']);
  });

  it('add what is not final to a token beyond the first thousand', async () => {
    const rows = Array.from({ length: 1_200 }, (_, index) => aRow(index + 1, contractOf(index + 1)));
    const entry = {
      block: { number: 7, hash: `0x${'1'.repeat(64)}`, at: 1_700_000_000 },
      transaction: null,
      part: 0,
      transfers: [
        {
          kind: 'log',
          standard: 'erc20',
          contract: contractOf(1_100),
          tokenId: null,
          direction: 'in',
          counterparty: null,
          amount: '5',
          logIndex: 0,
          batchIndex: null,
          spam: [],
        },
      ],
      vanishedAt: null,
    } as const;

    const pending = [{ entry, isFinal: false, isHidden: false }];
    const assets = await readerOf(rows).fungibleOf({} as never, wallet, chain, pending, false);

    const touched = assets.filter((asset) => asset.pending !== null);
    expect(touched).toMatchObject([{ record: { change: '1100' }, pending: { change: 5n } }]);
  });
});
