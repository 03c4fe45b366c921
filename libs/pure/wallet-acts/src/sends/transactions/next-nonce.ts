import { accepted } from '@countersign/text';
import { NODES_NEEDED } from '../nodes-needed';
import { refusedSend, type SendResult } from '../send-refusals';

interface NextNonce {
  readonly nonce: number;
  /** Whether the wallet sent transactions that this service does not know: another application has its key. */
  readonly isUsedElsewhere: boolean;
}

/** A nonce far above stops a wallet, because all nonces in between must be used first. */
const MAX_ABOVE = 16;

/**
 * @param stored one more than the highest nonce of this service; 0 for a new wallet
 * @param counts answers of several nodes to `eth_getTransactionCount` of `latest`. Above `stored`, two must agree
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
