import { malformed, NodeError } from '../node-error';
import { ChainService, type ChainServiceOptions } from '../rpc/chain-service';
import {
  isRecord,
  readBatch,
  readOne,
  resultOf,
  type RequestLimits,
  type RpcAnswer,
  type RpcCall,
} from '../rpc/json-rpc';
import { readHash, readQuantity } from './quantities';

const IDENTITY_BYTES = 2 * 1_048_576;
const IDENTITY_CALLS: readonly RpcCall[] = [
  { method: 'eth_chainId', params: [] },
  { method: 'eth_getBlockByNumber', params: ['0x0', false] },
];

/** The genesis block's hash: configured, built in, or learnt from the first node that answered in this process. */
export class Genesis {
  constructor(private hash: string | null) {}

  isSame(hash: string): boolean {
    this.hash ??= hash;
    return this.hash === hash;
  }
}

/** A node that proved its chain's id and genesis block. Results are unchecked JSON: the caller checks them. */
export class EvmNode extends ChainService {
  private nextId = 1;
  private takesBatches = true;

  constructor(
    options: ChainServiceOptions,
    private readonly genesis: Genesis,
  ) {
    super(options);
  }

  /** @throws NodeError */
  async request(method: string, params: readonly unknown[], limits?: RequestLimits): Promise<unknown> {
    await this.known(limits);
    return this.call({ method, params }, limits);
  }

  /**
   * Sends one HTTP request if the node takes batches. The answers keep the order of the calls.
   * @throws NodeError when there is no answer at all. An error of one call is the answer to that call.
   */
  async batch(calls: readonly RpcCall[], limits?: RequestLimits): Promise<readonly RpcAnswer[]> {
    await this.known(limits);
    return this.callAll(calls, limits);
  }

  protected async identify(limits: RequestLimits): Promise<void> {
    const [id, block] = await this.callAll(IDENTITY_CALLS, { ...limits, maxBytes: IDENTITY_BYTES });
    const chainId = readQuantity(resultOf(id));
    const header = resultOf(block);
    const genesis = isRecord(header) ? readHash(header['hash']) : null;
    if (chainId === null || genesis === null) malformed('no_identity');
    if (chainId !== this.chain.reference) throw this.lied('wrong_chain_id');
    if (!this.genesis.isSame(genesis)) throw this.lied('wrong_genesis');
  }

  private async call(call: RpcCall, limits: RequestLimits = {}): Promise<unknown> {
    const id = this.nextId++;
    return this.exchange({ body: { jsonrpc: '2.0', id, ...call } }, 1, limits, (answer) =>
      resultOf(readOne(answer, id)),
    );
  }

  private async callAll(
    calls: readonly RpcCall[],
    limits: RequestLimits = {},
  ): Promise<readonly RpcAnswer[]> {
    if (calls.length === 0) return [];
    if (calls.length === 1 || !this.takesBatches) return this.callEach(calls, limits);
    const firstId = this.nextId;
    this.nextId += calls.length;
    const body = calls.map((call, index) => ({ jsonrpc: '2.0', id: firstId + index, ...call }));
    try {
      const answers = await this.exchange({ body }, calls.length, limits, (answer) =>
        readBatch(answer, firstId, calls.length),
      );
      const limited = answers.find((answer) => !answer.ok && answer.error.kind === 'limited');
      if (limited?.ok === false) this.failed(limited.error);
      return answers;
    } catch (error) {
      if (!(error instanceof NodeError) || error.kind !== 'refused') throw error;
      const answers = await this.callEach(calls, limits);
      // The node answers the single calls, so it takes no such batches.
      if (answers.some(({ ok }) => ok)) this.takesBatches = false;
      return answers;
    }
  }

  private async callEach(calls: readonly RpcCall[], limits: RequestLimits): Promise<readonly RpcAnswer[]> {
    const answers = await Promise.all(
      calls.map(async (call): Promise<RpcAnswer> => {
        try {
          return { ok: true, result: await this.call(call, limits) };
        } catch (error) {
          if (error instanceof NodeError) return { ok: false, error };
          throw error;
        }
      }),
    );
    const [first] = answers;
    const isAnswered = answers.some((answer) => answer.ok || answer.error.kind === 'refused');
    if (first?.ok === false && !isAnswered) throw first.error;
    return answers;
  }
}
