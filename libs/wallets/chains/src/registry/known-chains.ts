/** Facts about a chain that are built in. */
export interface KnownChain {
  readonly name: string;
  readonly isTest: boolean;
  readonly currency: { readonly symbol: string; readonly decimals: number };
  /** In blocks. Of EVM chains only. */
  readonly confirmations: number;
  /** Between two blocks, in milliseconds. Of EVM chains only. */
  readonly blockTimeMs: number;
  /** Null where it was not confirmed by several independent sources: it is learnt then. */
  readonly genesisHash: string | null;
}

type Details = Partial<Omit<KnownChain, 'name' | 'currency'>>;

const OTHERS: Details = { isTest: false, confirmations: 30, blockTimeMs: 2_000, genesisHash: null };
const TEST: Details = { isTest: true };
const ETHEREUM: Details = { confirmations: 65, blockTimeMs: 12_000 };

function chain(name: string, symbol: string, ...details: readonly Details[]): KnownChain {
  const known = Object.assign({}, OTHERS, ...details) as Omit<KnownChain, 'name' | 'currency'>;
  return { name, currency: { symbol, decimals: 18 }, ...known };
}

function ton(name: string, zeroState: string, ...details: readonly Details[]): KnownChain {
  const genesisHash = `0x${Buffer.from(zeroState, 'base64').toString('hex')}`;
  return { ...chain(name, 'GRAM', { genesisHash }, ...details), currency: { symbol: 'GRAM', decimals: 9 } };
}

/**
 * By CAIP-2 id. Names are those of other wallet services. Confirmations are those of an indexer that many use: 65
 * blocks on Ethereum, 200 on Polygon, 240 on Arbitrum, 30 elsewhere.
 */
export const knownChains: ReadonlyMap<string, KnownChain> = new Map([
  [
    'eip155:1',
    chain('ethereum', 'ETH', ETHEREUM, {
      genesisHash: '0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3',
    }),
  ],
  ['eip155:5', chain('ethereum-testnet', 'ETH', TEST, ETHEREUM)],
  [
    'eip155:17000',
    chain('ethereum-holesky', 'ETH', TEST, ETHEREUM, {
      genesisHash: '0xb5f7f912443c940f21fd611f12828d75b534364ed9e95ca4e307729a4661bde4',
    }),
  ],
  [
    'eip155:11155111',
    chain('ethereum-sepolia', 'ETH', TEST, ETHEREUM, {
      genesisHash: '0x25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9',
    }),
  ],
  [
    'eip155:56',
    chain('binance-smart-chain', 'BNB', {
      blockTimeMs: 750,
      genesisHash: '0x0d21840abff46b96c84b2ac9e10e4f5cdaeb5693cb665db62a2f3b02d2d57b5b',
    }),
  ],
  [
    'eip155:97',
    chain('binance-smart-chain-testnet', 'BNB', TEST, {
      blockTimeMs: 750,
      genesisHash: '0x6d3c66c5357ec91d5c43af47e234a939b22557cbb552dc45bebbceeed90fbe34',
    }),
  ],
  [
    'eip155:137',
    chain('polygon-pos', 'POL', {
      confirmations: 200,
      genesisHash: '0xa9c28ce2141b56c474f1dc504bee9b01eb1bd7d1a507580d5519d4437a97de1b',
    }),
  ],
  ['eip155:80001', chain('polygon-pos-testnet', 'POL', TEST, { confirmations: 200 })],
  [
    'eip155:80002',
    chain('polygon-pos-testnet', 'POL', TEST, {
      confirmations: 200,
      genesisHash: '0x7202b2b53c5a0836e773e319d18922cc756dd67432f9a1f65352b61f4406c697',
    }),
  ],
  [
    'eip155:43114',
    chain('avalanche', 'AVAX', {
      genesisHash: '0x31ced5b9beb7f8782b014660da0cb18cc409f121f408186886e1ca3e8eeca96b',
    }),
  ],
  ['eip155:250', chain('fantom', 'FTM', { blockTimeMs: 1_000 })],
  [
    'eip155:42161',
    chain('arbitrum-one', 'ETH', {
      confirmations: 240,
      blockTimeMs: 250,
      genesisHash: '0x7ee576b35482195fc49205cec9af72ce14f003b9ae69f6ba0faef4514be8b442',
    }),
  ],
  [
    'eip155:10',
    chain('optimistic-ethereum', 'ETH', {
      genesisHash: '0x7ca38a1916c42007829c55e69d3e9a73265554b586a499015373241b8a3fa48b',
    }),
  ],
  [
    'eip155:8453',
    chain('base', 'ETH', {
      genesisHash: '0xf712aa9241cc24369b143cf6dce85f0902a9731e70d66818a3a5845b296c73dd',
    }),
  ],
  [
    'eip155:84532',
    chain('base-sepolia', 'ETH', TEST, {
      genesisHash: '0x0dcc9e089e30b90ddfc55be9a37dd15bc551aeee999d2e2b51414c54eaf934e4',
    }),
  ],
  ['eip155:13371', chain('immutable', 'IMX')],
  ['eip155:196', chain('x-layer', 'OKB', { blockTimeMs: 1_000 })],
  ['eip155:1135', chain('lisk', 'ETH')],
  ['eip155:4202', chain('lisk-sepolia', 'ETH', TEST)],
  ['eip155:8217', chain('kaia', 'KAIA', { blockTimeMs: 1_000 })],
  ['eip155:204', chain('opbnb', 'BNB', { blockTimeMs: 500 })],
  ['eip155:534352', chain('scroll', 'ETH', { blockTimeMs: 3_000 })],
  ['eip155:169', chain('manta-pacific', 'ETH', { blockTimeMs: 10_000 })],
  ['eip155:3441006', chain('manta-pacific-sepolia', 'ETH', TEST, { blockTimeMs: 10_000 })],
  ['eip155:1514', chain('story', 'IP')],
  ['eip155:1513', chain('story-testnet', 'IP', TEST)],
  ['eip155:1516', chain('story-odyssey', 'IP', TEST)],
  ['eip155:1315', chain('story-aeneid', 'IP', TEST)],
  ['eip155:210000', chain('juchain', 'JU')],
  ['eip155:202599', chain('juchain-testnet', 'JU', TEST)],
  ['eip155:1564830818', chain('skale-calypso', 'sFUEL', { blockTimeMs: 10_000 })],
  ['eip155:2046399126', chain('skale-europa', 'sFUEL', { blockTimeMs: 10_000 })],
  ['eip155:1482601649', chain('skale-nebula', 'sFUEL', { blockTimeMs: 10_000 })],
  ['eip155:1350216234', chain('skale-titan', 'sFUEL', { blockTimeMs: 10_000 })],
  ['eip155:974399131', chain('skale-calypso-testnet', 'sFUEL', TEST, { blockTimeMs: 10_000 })],
  ['eip155:1444673419', chain('skale-europa-testnet', 'sFUEL', TEST, { blockTimeMs: 10_000 })],
  ['eip155:37084624', chain('skale-nebula-testnet', 'sFUEL', TEST, { blockTimeMs: 10_000 })],
  ['eip155:1020352220', chain('skale-titan-testnet', 'sFUEL', TEST, { blockTimeMs: 10_000 })],
  ['ton:-239', ton('ton', 'F6OpKZKqvqeFp6CQmFomXNMfMj2EnaUSOXN+Mh+wVWk=')],
  ['ton:-3', ton('ton-testnet', 'gj+B8wb/AmlPk1z1AhVI484rhrUpgSr2oSFIh56VoSg=', TEST)],
]);
