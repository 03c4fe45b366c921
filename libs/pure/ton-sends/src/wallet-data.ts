import { readBoundedBoc, tonWalletLayout } from '@countersign/wallet-proofs';

/** The seqno of a deployed wallet v5r1, by its code and data as bags of cells; null for another contract. */
export function seqnoOf(code: Buffer, data: Buffer): number | null {
  const [codeCell, dataCell] = [readBoundedBoc(code), readBoundedBoc(data)];
  const layout = codeCell && tonWalletLayout(codeCell.hash().toString('hex'));
  if (layout?.name !== 'v5r1') return null;
  if (!dataCell || dataCell.isExotic || dataCell.bits.length !== layout.dataBits) return null;
  // is_signature_allowed:1 seqno:32
  return dataCell.beginParse().skip(1).loadUint(32);
}
