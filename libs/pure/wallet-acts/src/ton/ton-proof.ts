import { accepted } from '@countersign/errors';
import { tonProofMessage, type TonAddress } from '@countersign/wallet-proofs';
import { refusedAct } from '../act-refusals';
import { isReadable } from '../fields';
import type { Decoded, Meaning } from '../meaning';
import type { ActContext, TonProofAct } from '../wallet-act';

const MAX_PAYLOAD_BYTES = 2_048;

/**
 * Reads the request of a `ton_proof`. The asking service knows the wallet by it: its domain has to be the application's.
 *
 * @see https://github.com/ton-blockchain/ton-connect/blob/main/requests-responses.md Address proof signature
 */
export function decodeTonProof(act: TonProofAct, context: ActContext, address: TonAddress): Decoded<Meaning> {
  const { domain, payload } = act;
  if (!context.domains.includes(domain)) return refusedAct('wallet.foreign_domain');
  if (!payload.isWellFormed()) return refusedAct('wallet.act_malformed');
  if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) return refusedAct('wallet.act_too_large');
  const timestamp = secondsOf(context.now);
  const isText = isReadable(payload);
  return accepted({
    ...{ payload: tonProofMessage({ address, domain, timestamp, payload }), method: 'sign-in', domain },
    text: isText ? payload : Buffer.from(payload).toString('hex'),
    summary: [
      `Prove at ${domain} that this wallet is yours.`,
      ...(isText ? [] : ['What the site added is no readable text: it is shown in hexadecimal.']),
    ],
  });
}

/** Unix seconds. */
export function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
