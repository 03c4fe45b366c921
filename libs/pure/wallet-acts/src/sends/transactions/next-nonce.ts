import { accepted } from '@countersign/text';
import { NODES_NEEDED } from '../nodes-needed';
import { refusedSend, type SendResult } from '../send-refusals';

interface NextNonce {
  readonly nonce: number;
  /** Whether the wallet sent what this service does not know: another application has its key. */
  readonly isUsedElsewhere: boolean;
}

/** A nonce far above stops a wallet, since all in between have to be used first. */
const MAX_ABOVE = 16;

/**
 * The nonce of the next transaction of a wallet.
 *
 * @param stored one more than the greatest that this service used; 0 for a new wallet
 * @param counts what two or more nodes answered to `eth_getTransactionCount` of `latest`. Above `stored` they count where two agree
 */
export function nextNonce(stored: number, counts: readonly number[]): SendResult<NextNonce> {
  if (counts.length < NODES_NEEDED) return refusedSend('send.nonce_unknown');
  const agreed = counts.filter((count, at) => counts.indexOf(count) !== at);
  const isBehind = counts.every((count) => count <= stored);
  if (agreed.length === 0 && !isBehind) return refusedSend('send.nonce_unknown');
  const highest = Math.max(0, ...agreed);
  if (highest <= stored) return accepted({ nonce: stored, isUsedElsewhere: false });
  return highest > stored + MAX_ABOVE
    ? refusedSend('send.nonce_implausible')
    : accepted({ nonce: highest, isUsedElsewhere: true });
}
