/** What a node answered to `eth_sendRawTransaction`. */
type BroadcastReply =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } };

/**
 * What an answer says. None of them decides whether the transaction was sent: that is seen by its hash at two nodes.
 * - `accepted`: the node took it;
 * - `known`: it had it already;
 * - `nonce-used`: the nonce is used up, by this transaction or by another one;
 * - `underpriced`: its fees are too low, also to replace the one that waits with this nonce;
 * - `refused-funds`: the wallet cannot pay for it now;
 * - `refused-gas`: its gas limit is too low or too high;
 * - `unknown`: anything else.
 */
export type BroadcastAnswer =
  | 'accepted'
  | 'known'
  | 'nonce-used'
  | 'underpriced'
  | 'refused-funds'
  | 'refused-gas'
  | 'unknown';

const MAX_LENGTH = 1_000;

/**
 * Words of geth, Nethermind, Erigon, Besu, reth, anvil, EthereumJS, and of OpenEthereum and Arbitrum, which others copied.
 *
 * @see https://github.com/ethereum/execution-apis/issues/245
 * @see https://github.com/NethermindEth/nethermind/issues/12153
 */
const words: readonly (readonly [BroadcastAnswer, RegExp])[] = [
  [
    'known',
    /\balready ?known\b|\bknown transaction\b|\balready imported\b|\balready[ _]exists\b|\balready in (?:the )?(?:mem|tx)?pool\b|\bexisting txn? with same hash\b/,
  ],
  ['nonce-used', /\bnonce (?:is )?too low\b|\boldnonce\b|\bnonce has already been used\b/],
  [
    'underpriced',
    /underpriced\b|\bfee ?too ?low|\breplacementnotallowed\b|\bcould not replace existing tx\b|\breplacement gas too low\b|\bgas price(?: is)? too low\b|\bgas price (?:below|to replace)\b|\bless than block base fee\b|\bcannot pay basefee\b|\bdoes not pay the minimum gas price\b/,
  ],
  [
    'refused-funds',
    /\binsufficient ?(?:funds|balance)\b|\bupfront cost exceeds account balance\b|\bnot (?:have )?enough (?:balance|funds)\b/,
  ],
  [
    'refused-gas',
    /\bintrinsic ?gas\b|\btransaction gas is too low\b|\bexceeds? (?:the )?(?:last )?block gas limit\b|\bgas limit (?:reached|(?:is )?too high)\b|\bgaslimitexceeded\b|\bsupplied gas is beyond limit\b/,
  ],
];

/**
 * Reads an answer by its text: clients use one code for different meanings, and different codes for one. A text that has the
 * words of none, or of two, is `unknown`.
 *
 * @param hash of the transaction, as `transactionHash` answers it
 */
export function readBroadcastAnswer(reply: BroadcastReply, hash: string): BroadcastAnswer {
  if ('result' in reply) {
    // Another hash is that of another transaction.
    return typeof reply.result === 'string' && reply.result.toLowerCase() === hash ? 'accepted' : 'unknown';
  }
  const text = reply.error.message.slice(0, MAX_LENGTH).toLowerCase();
  const [found, second] = words.filter(([, pattern]) => pattern.test(text));
  return found === undefined || second !== undefined ? 'unknown' : found[0];
}
