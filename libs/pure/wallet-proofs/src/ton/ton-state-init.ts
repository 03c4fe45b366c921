import { accepted, refused, type Result } from '@countersign/errors';
import type { Cell } from '@ton/core';
import type { TonNetwork } from '../chain-id';
import { readBoundedBoc } from './bounded-boc';
import type { TonAddress } from './ton-address';
import { tonWalletLayout, type TonWalletName } from './ton-wallets';
import type { TonProofRefusal } from '../wallet-refusals';

/** What the initial state of a wallet of known code says. */
interface TonWalletState {
  readonly name: TonWalletName;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  /** The key is that of the address only until the contract is deployed. */
  readonly keyRotates: boolean;
}

/** No split depth, no special, code, data, no library. */
const PLAIN_STATE_INIT = '00110';

/**
 * Reads the key of a known wallet from its state init, whose hash has to be the address; null for code that is not known, whose data
 * may mean anything.
 *
 * @see https://docs.ton.org/v3/documentation/data-formats/tlb/msg-layout#stateinit-tl-b
 */
export function readTonStateInit(
  boc: Buffer,
  address: TonAddress,
  network: TonNetwork,
): Result<TonWalletState | null, TonProofRefusal> {
  const root = readBoundedBoc(boc);
  if (!root || root.isExotic) return refused('wallet.state_init_malformed');
  if (!root.hash().equals(address.hash)) return refused('wallet.state_init_mismatch');

  const [code, data] = root.refs;
  if (bitsOf(root) !== PLAIN_STATE_INIT || !code || !data) return accepted(null);
  const layout = tonWalletLayout(code.hash().toString('hex'));
  if (!layout) return accepted(null);

  const { name, dataBits, keyAt, hasDictionary, signaturesOffWhenFirstBitIs, undeployed } = layout;
  const isOfLayout =
    !data.isExotic &&
    data.bits.length === dataBits &&
    data.refs.length === (hasDictionary && data.bits.at(dataBits - 1) ? 1 : 0);
  if (!isOfLayout) return refused('wallet.state_init_malformed');
  if (data.bits.at(0) === signaturesOffWhenFirstBitIs) return refused('wallet.signature_not_allowed');
  const slice = data.beginParse();
  const isUnknown = undeployed && slice.preloadBuffer(keyAt / 8).toString('hex') !== undeployed[network];
  if (isUnknown) return accepted(null);
  const publicKey = slice.skip(keyAt).loadBuffer(32);
  return accepted({ name, publicKey, keyRotates: undeployed !== undefined });
}

function bitsOf(cell: Cell): string {
  if (cell.bits.length !== PLAIN_STATE_INIT.length || cell.refs.length !== 2) return '';
  return Array.from({ length: cell.bits.length }, (_, index) => (cell.bits.at(index) ? '1' : '0')).join('');
}
