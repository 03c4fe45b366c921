import type { Chain } from '../chain';

/** TON has no confirmations. A genesis hash is null unless several independent sources confirmed it. */
export type KnownChain = Pick<
  Chain,
  'name' | 'environment' | 'currency' | 'confirmations' | 'blockTimeMs' | 'genesisHash'
>;

const ETHEREUM = { confirmations: 65, blockTimeMs: 12_000 };

/** The names are those of other wallet services. The confirmations are those of a widely used indexer. */
const chains: readonly (readonly [id: string, name: string, symbol: string, more?: Partial<KnownChain>])[] = [
  ['eip155:1', 'ethereum', 'ETH', ETHEREUM],
  ['eip155:5', 'ethereum-testnet', 'ETH', { environment: 'test', ...ETHEREUM }],
  ['eip155:17000', 'ethereum-holesky', 'ETH', { environment: 'test', ...ETHEREUM }],
  ['eip155:11155111', 'ethereum-sepolia', 'ETH', { environment: 'test', ...ETHEREUM }],
  ['eip155:56', 'binance-smart-chain', 'BNB', { blockTimeMs: 750 }],
  ['eip155:97', 'binance-smart-chain-testnet', 'BNB', { environment: 'test', blockTimeMs: 750 }],
  ['eip155:137', 'polygon-pos', 'POL', { confirmations: 200 }],
  ['eip155:80001', 'polygon-pos-testnet', 'POL', { environment: 'test', confirmations: 200 }],
  ['eip155:80002', 'polygon-pos-testnet', 'POL', { environment: 'test', confirmations: 200 }],
  ['eip155:43114', 'avalanche', 'AVAX'],
  ['eip155:250', 'fantom', 'FTM', { blockTimeMs: 1_000 }],
  ['eip155:42161', 'arbitrum-one', 'ETH', { confirmations: 240, blockTimeMs: 250 }],
  ['eip155:10', 'optimistic-ethereum', 'ETH'],
  ['eip155:8453', 'base', 'ETH'],
  ['eip155:84532', 'base-sepolia', 'ETH', { environment: 'test' }],
  ['eip155:13371', 'immutable', 'IMX'],
  ['eip155:196', 'x-layer', 'OKB', { blockTimeMs: 1_000 }],
  ['eip155:1135', 'lisk', 'ETH'],
  ['eip155:4202', 'lisk-sepolia', 'ETH', { environment: 'test' }],
  ['eip155:8217', 'kaia', 'KAIA', { blockTimeMs: 1_000 }],
  ['eip155:204', 'opbnb', 'BNB', { blockTimeMs: 500 }],
  ['eip155:534352', 'scroll', 'ETH', { blockTimeMs: 3_000 }],
  ['eip155:169', 'manta-pacific', 'ETH', { blockTimeMs: 10_000 }],
  ['eip155:3441006', 'manta-pacific-sepolia', 'ETH', { environment: 'test', blockTimeMs: 10_000 }],
  ['eip155:1514', 'story', 'IP'],
  ['eip155:1513', 'story-testnet', 'IP', { environment: 'test' }],
  ['eip155:1516', 'story-odyssey', 'IP', { environment: 'test' }],
  ['eip155:1315', 'story-aeneid', 'IP', { environment: 'test' }],
  ['eip155:210000', 'juchain', 'JU'],
  ['eip155:202599', 'juchain-testnet', 'JU', { environment: 'test' }],
  ['eip155:1564830818', 'skale-calypso', 'sFUEL', { blockTimeMs: 10_000 }],
  ['eip155:2046399126', 'skale-europa', 'sFUEL', { blockTimeMs: 10_000 }],
  ['eip155:1482601649', 'skale-nebula', 'sFUEL', { blockTimeMs: 10_000 }],
  ['eip155:1350216234', 'skale-titan', 'sFUEL', { blockTimeMs: 10_000 }],
  ['eip155:974399131', 'skale-calypso-testnet', 'sFUEL', { environment: 'test', blockTimeMs: 10_000 }],
  ['eip155:1444673419', 'skale-europa-testnet', 'sFUEL', { environment: 'test', blockTimeMs: 10_000 }],
  ['eip155:37084624', 'skale-nebula-testnet', 'sFUEL', { environment: 'test', blockTimeMs: 10_000 }],
  ['eip155:1020352220', 'skale-titan-testnet', 'sFUEL', { environment: 'test', blockTimeMs: 10_000 }],
  ['ton:-239', 'ton', 'GRAM', { confirmations: 0 }],
  ['ton:-3', 'ton-testnet', 'GRAM', { environment: 'test', confirmations: 0 }],
];

/** For TON, it is the hash of the first state. */
const genesisHashes: Readonly<Record<string, string>> = {
  'eip155:1': '0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3',
  'eip155:17000': '0xb5f7f912443c940f21fd611f12828d75b534364ed9e95ca4e307729a4661bde4',
  'eip155:11155111': '0x25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9',
  'eip155:56': '0x0d21840abff46b96c84b2ac9e10e4f5cdaeb5693cb665db62a2f3b02d2d57b5b',
  'eip155:97': '0x6d3c66c5357ec91d5c43af47e234a939b22557cbb552dc45bebbceeed90fbe34',
  'eip155:137': '0xa9c28ce2141b56c474f1dc504bee9b01eb1bd7d1a507580d5519d4437a97de1b',
  'eip155:80002': '0x7202b2b53c5a0836e773e319d18922cc756dd67432f9a1f65352b61f4406c697',
  'eip155:43114': '0x31ced5b9beb7f8782b014660da0cb18cc409f121f408186886e1ca3e8eeca96b',
  'eip155:42161': '0x7ee576b35482195fc49205cec9af72ce14f003b9ae69f6ba0faef4514be8b442',
  'eip155:10': '0x7ca38a1916c42007829c55e69d3e9a73265554b586a499015373241b8a3fa48b',
  'eip155:8453': '0xf712aa9241cc24369b143cf6dce85f0902a9731e70d66818a3a5845b296c73dd',
  'eip155:84532': '0x0dcc9e089e30b90ddfc55be9a37dd15bc551aeee999d2e2b51414c54eaf934e4',
  'ton:-239': '0x17a3a92992aabea785a7a090985a265cd31f323d849da51239737e321fb05569',
  'ton:-3': '0x823f81f306ff02694f935cf5021548e3ce2b86b529812af6a12148879e95a128',
};

/** The key is the CAIP-2 id. */
export const knownChains: ReadonlyMap<string, KnownChain> = new Map(
  chains.map(([id, name, symbol, more]) => [
    id,
    {
      ...{ name, environment: 'production', confirmations: 30, blockTimeMs: 2_000 },
      currency: { symbol, decimals: id.startsWith('ton:') ? 9 : 18 },
      genesisHash: genesisHashes[id] ?? null,
      ...more,
    },
  ]),
);
