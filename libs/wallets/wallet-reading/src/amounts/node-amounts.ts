import { Injectable } from '@nestjs/common';
import {
  agreedOf,
  askEnough,
  EvmNodes,
  NodeDisagreements,
  type BlockReference,
  type Chain,
  type EvmNode,
  type FinalBlock,
  type RpcCall,
  type Reply,
  type Verification,
} from '@countersign/chains';
import { SECOND } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import type { AmountReason } from '../dto/balances.response';
import {
  codeCall,
  coinCall,
  hasNoCode,
  readCoin,
  readToken,
  tokenCall,
  type AskedAsset,
  type ReadAnswer,
} from './asset-calls';

/** The blocks that are asked about. */
export interface AskedBlocks {
  /** The last one that is read. `null`: it is not asked about. */
  readonly latest: BlockReference | null;
  /** One that nodes agree to be final. */
  readonly final: BlockReference | null;
  /** The first one whose transfers are known. `null`: the state before it is not asked about. */
  readonly since: number | null;
}

/** What a wallet has of an asset, in base units; of a collectible how many. */
export interface Amounts {
  /** At the last block that is read. */
  readonly amount: bigint | null;
  readonly finalAmount: bigint | null;
  /** Before the block `since`. `null` also where a node no longer knows that state. */
  readonly before: bigint | null;
  /** Why one of the first two is `null`. */
  readonly reason: AmountReason | null;
  /** `agreed` where two nodes say the same. */
  readonly verification: Verification;
}

/** `null`: the node does not know the state, or the contract gives no amount. */
type AmountsOfNode = readonly (bigint | null)[];

interface Question {
  readonly address: string;
  readonly assets: readonly AskedAsset[];
  /** Numbers, or hashes by EIP-1898. */
  readonly blocks: readonly unknown[];
}

/** What is agreed on about one asset at one block. */
interface Agreed {
  readonly value: bigint | null;
  readonly reason: AmountReason | null;
}

const TIME_LIMIT_MS = 3 * SECOND;
/** Of one answer. */
export const MAX_ASKED = 50;
/** By decreasing weight. */
const REASONS: readonly AmountReason[] = ['differ', 'state_unknown', 'away', 'not_asked'];
export const NOT_ASKED: Amounts = {
  amount: null,
  finalAmount: null,
  before: null,
  reason: 'not_asked',
  verification: 'none',
};

/** Asks nodes what an address has: only those that may learn it, and two of them where two are configured. */
@Injectable()
export class NodeAmounts {
  private readonly timeLimitMs: number;

  constructor(
    private readonly nodes: EvmNodes,
    private readonly disagreements: NodeDisagreements,
    { patience }: Configuration,
  ) {
    this.timeLimitMs = TIME_LIMIT_MS * patience;
  }

  /** At a block of `FinalBlocks`, or why there is none. In the order of the assets, of which 50 are asked about. */
  async atBlock(
    chain: Chain,
    address: string,
    assets: readonly AskedAsset[],
    block: FinalBlock | 'away' | 'differ',
  ): Promise<readonly Amounts[]> {
    if (typeof block === 'string') return assets.map(() => ({ ...NOT_ASKED, reason: block }));
    return this.amountsOf(chain, address, assets, { latest: block, final: block, since: null });
  }

  /** @returns in the order of the assets; those after the first 50 are not asked about */
  async amountsOf(
    chain: Chain,
    address: string,
    assets: readonly AskedAsset[],
    { latest, final, since }: AskedBlocks,
  ): Promise<readonly Amounts[]> {
    const before = since === null ? null : Math.max(0, since - 1);
    const known = [latest, final].filter((block) => block !== null);
    const asked = assets.slice(0, chain.mayNameAddresses && known.length > 0 ? MAX_ASKED : 0);
    if (asked.length === 0) return assets.map(() => NOT_ASKED);
    const hashes = [...new Set(known.map(({ hash }) => hash))];
    const blocks = [
      ...hashes.map((hash) => ({ blockHash: hash, requireCanonical: true })),
      ...(before === null ? [] : [`0x${before.toString(16)}`]),
    ];
    const said = await this.ask(chain, { address, assets: asked, blocks }, hashes.length * asked.length);
    const agreed = blocks.map((_, block) =>
      asked.map((_asset, asset) => agreedIn(chain, said, block * asked.length + asset)),
    );
    // By its number a block that is not final may be another one at another node.
    const isFixed = before !== null && final !== null && before <= final.number;
    const compared = isFixed ? agreed.flat() : agreed.slice(0, hashes.length).flat();
    this.compare(chain, compared, said);
    const at = (block: BlockReference | null, asset: number): Agreed =>
      (block && agreed[hashes.indexOf(block.hash)]?.[asset]) ?? { value: null, reason: 'not_asked' };
    return assets.map((_, asset) => {
      if (asset >= asked.length) return NOT_ASKED;
      const [ofLatest, ofFinal] = [at(latest, asset), at(final, asset)];
      const isKnown = ofLatest.value !== null || ofFinal.value !== null;
      return {
        amount: ofLatest.value,
        finalAmount: ofFinal.value,
        before: before === null ? null : (agreed[hashes.length]?.[asset]?.value ?? null),
        reason: REASONS.find((reason) => [ofLatest.reason, ofFinal.reason].includes(reason)) ?? null,
        verification: chain.nodeCount > 1 && isKnown ? 'agreed' : 'none',
      };
    });
  }

  /** @param needed how many of the first answers have to be the same at two nodes, before others are asked */
  private ask(chain: Chain, question: Question, needed: number): Promise<readonly Reply<AmountsOfNode>[]> {
    return askEnough(
      this.nodes.of(chain.id),
      (node) => askNode(node, question, this.timeLimitMs),
      (said) =>
        Array.from({ length: needed }).every((_, index) => agreedIn(chain, said, index).value !== null),
    );
  }

  private compare({ id }: Chain, agreed: readonly Agreed[], said: readonly Reply<AmountsOfNode>[]): void {
    const others = said.filter(({ answer }) =>
      agreed.some(({ value, reason }, index) => {
        const amount = answer[index] ?? null;
        return amount !== null && (value === null ? reason === 'differ' : amount !== value);
      }),
    );
    if (others.length > 0)
      this.disagreements.note(
        id,
        'amount',
        others.map(({ index }) => index),
      );
  }
}

/** One batch, and another one where contracts answer nothing. @throws NodeError */
async function askNode(
  node: EvmNode,
  { address, assets, blocks }: Question,
  timeLimitMs: number,
): Promise<AmountsOfNode> {
  const tokens = assets.filter(({ contract }) => contract !== null);
  const callsAt = (block: unknown): readonly RpcCall[] => [
    coinCall(address, block),
    ...tokens.map((token) => tokenCall(token, address, block)),
  ];
  const answers = await node.batch(blocks.flatMap(callsAt), { timeLimitMs });
  const read = blocks.map((block, index) => {
    const [coin, ...others] = answers.slice(index * (tokens.length + 1), (index + 1) * (tokens.length + 1));
    const amount = readCoin(coin);
    // A node without the coin balance at a block has no state of that block.
    const ofTokens = tokens.map((token, at): { token: AskedAsset; answer: ReadAnswer } => ({
      token,
      answer: amount === null ? null : readToken(token, address, others[at]),
    }));
    return { block, amount, ofTokens };
  });
  const empty = read.flatMap(({ block, ofTokens }) =>
    ofTokens.filter(({ answer }) => answer === 'empty').map(({ token }) => codeCall(token, block)),
  );
  const codes = (await node.batch(empty, { timeLimitMs })).values();
  return read.flatMap(({ amount, ofTokens }) => {
    const amounts = ofTokens
      .map(({ answer }) => (answer === 'empty' ? (hasNoCode(codes.next().value) ? 0n : null) : answer))
      .values();
    return assets.map(({ contract }) => (contract === null ? amount : (amounts.next().value ?? null)));
  });
}

function agreedIn({ nodeCount }: Chain, said: readonly Reply<AmountsOfNode>[], index: number): Agreed {
  const values = said.map(({ answer }) => answer[index] ?? null).filter((value) => value !== null);
  const value = agreedOf(values, nodeCount) ?? null;
  if (value !== null) return { value, reason: null };
  if (new Set(values).size > 1) return { value, reason: 'differ' };
  return { value, reason: values.length < said.length ? 'state_unknown' : 'away' };
}
