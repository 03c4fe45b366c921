import type { TonNetwork } from '../chain-id';

interface TonWalletLayout {
  readonly name: TonWalletName;
  readonly dataBits: number;
  /** The first of the 256 bits of the key. */
  readonly keyAt: number;
  /** Whether the last bit announces a dictionary, which is the only reference. */
  readonly hasDictionary: boolean;
  /** With this first bit, signatures are off, and only extensions rule the wallet. */
  readonly signaturesOffWhenFirstBitIs?: boolean;
  /**
   * For a contract with a rotating key: the bits before the key in hex. Once deployed, only the contract knows its key.
   */
  readonly undeployed?: Readonly<Record<TonNetwork, string>>;
}

export const tonWalletNames = [
  'v1r1',
  'v1r2',
  'v1r3',
  'v2r1',
  'v2r2',
  'v3r1',
  'v3r2',
  'v4r2',
  'v5beta',
  'v5r1',
  'telegram',
] as const;
/** A version of the standard wallet contract, or the wallet inside Telegram. */
export type TonWalletName = (typeof tonWalletNames)[number];

/** seqno:32 key:256 */
const withSeqno = { dataBits: 288, keyAt: 32, hasDictionary: false };
/** seqno:32 wallet_id:32 key:256 */
const withWalletId = { dataBits: 320, keyAt: 64, hasDictionary: false };

/**
 * Wallet contracts whose initial data contains the key, by code hash. For others, ask the chain: `get_public_key`.
 * @see https://github.com/ton-org/ton/tree/master/src/wallets
 * @see https://github.com/ton-blockchain/tg-wallet-contract
 */
const layouts: ReadonlyMap<string, TonWalletLayout> = new Map<string, TonWalletLayout>([
  ['a0cfc2c48aee16a271f2cfc0b7382d81756cecb1017d077faaab3bb602f6868c', { name: 'v1r1', ...withSeqno }],
  ['d4902fcc9fad74698fa8e353220a68da0dcf72e32bcb2eb9ee04217c17d3062c', { name: 'v1r2', ...withSeqno }],
  ['587cc789eff1c84f46ec3797e45fc809a14ff5ae24f1e0c7a6a99cc9dc9061ff', { name: 'v1r3', ...withSeqno }],
  ['5c9a5e68c108e18721a07c42f9956bfb39ad77ec6d624b60c576ec88eee65329', { name: 'v2r1', ...withSeqno }],
  ['fe9530d3243853083ef2ef0b4c2908c0abf6fa1c31ea243aacaa5bf8c7d753f1', { name: 'v2r2', ...withSeqno }],
  ['b61041a58a7980b946e8fb9e198e3c904d24799ffa36574ea4251c41a566f581', { name: 'v3r1', ...withWalletId }],
  ['84dafa449f98a6987789ba232358072bc0f76dc4524002a5d0918b9a75d2d599', { name: 'v3r2', ...withWalletId }],
  [
    // seqno:32 wallet_id:32 key:256 plugins:1
    'feb5ff6820e2ff0d9483e7e0d62c817d846789fb4ae580c878866d959dabd5c0',
    { name: 'v4r2', dataBits: 321, keyAt: 64, hasDictionary: true },
  ],
  [
    // seqno:33, negative while signatures are off; wallet_id:80 key:256 extensions:1
    'f3d7ca53493deedac28b381986a849403cbac3d2c584779af081065af0ac4b93',
    { name: 'v5beta', dataBits: 370, keyAt: 113, hasDictionary: true, signaturesOffWhenFirstBitIs: true },
  ],
  [
    // is_signature_allowed:1 seqno:32 wallet_id:32 key:256 extensions:1
    '20834b7b72b112147e1b2fb457b84e74d1a30f04f737d4f62a668e9552d2b72f',
    { name: 'v5r1', dataBits: 322, keyAt: 65, hasDictionary: true, signaturesOffWhenFirstBitIs: false },
  ],
  [
    // revision:8 = 0, seqno:32 = 0, subwallet_id:32 of the network, key:256. WalletTg: its code runs configuration
    // parameter -123 of the chain. So validators can change it, and the layout of deployed data, for all wallets at
    // once.
    '9149ae51c1e4689710cebf7830297b16acfbadb363a920a537893e7ffeeca768',
    {
      name: 'telegram',
      dataBits: 328,
      keyAt: 72,
      hasDictionary: false,
      undeployed: { '-239': '00000000007fff7f11', '-3': '00000000007fff7ffd' },
    },
  ],
]);

/** @param codeHash lower-case hex @returns undefined for other contracts */
export function tonWalletLayout(codeHash: string): TonWalletLayout | undefined {
  return layouts.get(codeHash);
}
