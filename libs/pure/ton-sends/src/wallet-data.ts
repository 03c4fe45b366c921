import { readBoundedBoc } from '@countersign/wallet-proofs';

/** Of the contract v5r1. */
const CODE_HASH = '20834b7b72b112147e1b2fb457b84e74d1a30f04f737d4f62a668e9552d2b72f';
/** is_signature_allowed:1 seqno:32 wallet_id:32 key:256 extensions:1 */
const DATA_BITS = 322;

/** The seqno of a deployed wallet v5r1, by its code and data as bags of cells; null for another contract. */
export function seqnoOf(code: Buffer, data: Buffer): number | null {
  const [codeCell, dataCell] = [readBoundedBoc(code), readBoundedBoc(data)];
  if (codeCell?.hash().toString('hex') !== CODE_HASH) return null;
  if (!dataCell || dataCell.isExotic || dataCell.bits.length !== DATA_BITS) return null;
  return dataCell.beginParse().skip(1).loadUint(32);
}
