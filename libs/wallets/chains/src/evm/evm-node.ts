import { malformed } from '../node-error';
import { IdentifiedService } from '../rpc/identified-service';
import { isRecord, resultOf, type RequestLimits, type RpcAnswer, type RpcCall } from '../rpc/json-rpc';
import type { RpcNodeOptions } from '../rpc/rpc-node';
import { readHash, readQuantity } from './quantities';

const IDENTITY_BYTES = 2 * 1_048_576;
const IDENTITY_CALLS: readonly RpcCall[] = [
  { method: 'eth_chainId', params: [] },
  { method: 'eth_getBlockByNumber', params: ['0x0', false] },
];

/** The genesis block of a chain: configured, known, or that of the first node that answered in this process. */
export class Genesis {
  constructor(private hash: string | null) {}

  isSame(hash: string): boolean {
    this.hash ??= hash;
    return this.hash === hash;
  }
}

/** A node that gave the id and the genesis block of its chain. Its results are unchecked JSON: the caller checks them. */
export class EvmNode extends IdentifiedService {
  constructor(
    options: RpcNodeOptions,
    private readonly genesis: Genesis,
  ) {
    super(options);
  }

  /** @throws NodeError */
  async request(method: string, params: readonly unknown[], limits?: RequestLimits): Promise<unknown> {
    await this.known(limits);
    return this.node.request(method, params, limits);
  }

  /**
   * In one HTTP request where the node takes batches. Answers are in the order of the calls, matched by id.
   * @throws NodeError when there is no answer at all; an error of one call is the answer to that call.
   */
  async batch(calls: readonly RpcCall[], limits?: RequestLimits): Promise<readonly RpcAnswer[]> {
    await this.known(limits);
    return this.node.batch(calls, limits);
  }

  protected async identify(limits: RequestLimits): Promise<void> {
    const [id, block] = await this.node.batch(IDENTITY_CALLS, { ...limits, maxBytes: IDENTITY_BYTES });
    const chainId = readQuantity(resultOf(id));
    const header = resultOf(block);
    const genesis = isRecord(header) ? readHash(header['hash']) : null;
    if (chainId === null || genesis === null) malformed('no_identity');
    if (chainId !== this.chain.reference) throw this.lied('wrong_chain_id');
    if (!this.genesis.isSame(genesis)) throw this.lied('wrong_genesis');
  }
}
