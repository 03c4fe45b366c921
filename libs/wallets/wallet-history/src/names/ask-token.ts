import { NodeError, type EvmNode, type RpcAnswer } from '@countersign/chains';
import { decodeDecimals, decodeText, type TokenNames } from '@countersign/evm-blocks';

/** What a contract says of itself. Anything may be in it: invisible characters are removed. */
export interface TokenFacts extends TokenNames {
  readonly decimals: number | null;
}

const SYMBOL = '0x95d89b41';
const NAME = '0x06fdde03';
const DECIMALS = '0x313ce567';
/** Enough for a proxy that reads a few slots, and too little for an answer of more than some hundred kilobytes. */
const GAS = '0x186a0';
const MAX_BYTES = 4 * 1_048_576;

/**
 * Asks a contract. What it does not answer, or not in the form of a token, is `null`.
 * @throws NodeError where the node does not answer
 */
export async function askToken(node: EvmNode, contract: string): Promise<TokenFacts> {
  const answers = await node.batch(
    [SYMBOL, NAME, DECIMALS].map((data) => ({
      method: 'eth_call',
      params: [{ to: contract, data, gas: GAS }, 'latest'],
    })),
    { maxBytes: MAX_BYTES },
  );
  const [symbol = null, name = null, decimals = null] = answers.map(textOf);
  return {
    symbol: (symbol !== null && decodeText(symbol)) || null,
    name: (name !== null && decodeText(name)) || null,
    decimals: (decimals === null ? undefined : decodeDecimals(decimals)) ?? null,
  };
}

/** `null`: the call failed. @throws NodeError */
function textOf(answer: RpcAnswer): string | null {
  if (answer.ok) return typeof answer.result === 'string' ? answer.result : null;
  if (answer.error.kind === 'refused') return null;
  throw answer.error instanceof NodeError ? answer.error : new NodeError('away', { reason: 'no_answer' });
}
