import { randomUUID } from 'node:crypto';
import { NodeError, type Chain } from '@countersign/chains';
import { ChainWindow, type BlockLink } from '@countersign/evm-blocks';
import { LeaseLost, type Lease, type Position, type Report } from '../store/positions.repository';
import { Agreement, Disagreement } from './agreement';
import { ChainPass, type PassContext } from './chain-pass';
import { ChainWriter } from './chain-writer';
import { Finality } from './finality/finality';
import { FollowStarts } from '../store/follow-starts';
import { faultOf, type FollowerFault } from './follower-fault';
import { PendingOwners } from './finality/pending-owners';
import { windowBlocksOf, type LeasedChain } from './finality/leased-chain';
import type { ScanDeps } from './scan-deps';

const MIN_POLL_MS = 500;
const MAX_POLL_MS = 15_000;
const MAX_RETRY_MS = 60_000;

/** Follows one chain, while this replica has its lease. */
export class ChainFollower {
  private readonly leaseId = randomUUID();
  private readonly writer: ChainWriter;
  private readonly pass: PassContext;
  private leased: LeasedChain | null = null;
  private failures = 0;
  private lastFault: string | null = null;
  private isStopping = false;

  constructor(
    readonly chain: Chain,
    private readonly deps: ScanDeps,
  ) {
    this.writer = new ChainWriter(chain, { chainId: chain.id, id: this.leaseId }, deps);
    const finality = new Finality(chain, this.writer, new Agreement(chain, deps.nodes), deps);
    this.pass = { writer: this.writer, finality, isStopping: () => this.isStopping };
  }

  /** Reads what the chain has more. @returns milliseconds until the next call */
  async round(): Promise<number> {
    try {
      const position = await this.writer.acquire();
      if (!position) {
        this.leased = null;
        return this.pollMs;
      }
      if (this.leased && !isAt(this.leased, position)) this.leased = null;
      const leased = (this.leased ??= await this.load(position));
      await this.deps.followed.refresh();
      const { state, fault, headNumber, isConfirmed } = await this.deps.nodes.use(this.chain.id, (node) =>
        new ChainPass(this.chain, leased, node, this.pass, this.deps).run(position),
      );
      this.failures = 0;
      if (fault) this.report(fault, null);
      else this.lastFault = null;
      await this.writer.report({ state, fault: fault?.text ?? null, headNumber, isConfirmed });
      return state === 'catching-up' ? 0 : this.pollMs;
    } catch (error) {
      return this.failed(error);
    }
  }

  /** `null` while another replica follows the chain. */
  get lease(): Lease | null {
    return this.leased && { chainId: this.chain.id, id: this.leaseId };
  }

  /** The round that runs ends soon; see `release`. */
  stop(): void {
    this.isStopping = true;
  }

  async release(): Promise<void> {
    await this.writer.release();
    this.leased = null;
  }

  private get pollMs(): number {
    return Math.min(Math.max(this.chain.blockTimeMs, MIN_POLL_MS), MAX_POLL_MS);
  }

  private async failed(error: unknown): Promise<number> {
    if (error instanceof LeaseLost) {
      this.leased = null;
      return 0;
    }
    // What is in memory may be older than what was committed.
    if (!(error instanceof NodeError) && !(error instanceof Disagreement)) this.leased = null;
    const fault = faultOf(error);
    this.failures += 1;
    this.report(fault, error);
    await this.reportFault({
      state: fault.state ?? 'waiting',
      fault: fault.text,
      headNumber: null,
      isConfirmed: false,
    });
    return Math.min(this.pollMs * 2 ** Math.min(this.failures, 10), MAX_RETRY_MS);
  }

  private report({ kind, state, text: fault }: FollowerFault, error: unknown): void {
    this.deps.countFault({ chain: this.chain.id, kind });
    const fields = { chainId: this.chain.id, fault, ...(kind === 'internal' && { err: error }) };
    if (fault !== this.lastFault)
      this.deps.logger.warn(fields, state ? `a chain is ${state}` : 'a chain is read without proof');
    this.lastFault = fault;
  }

  /** The database may be what failed. */
  private async reportFault(report: Report): Promise<void> {
    try {
      await this.writer.report(report);
    } catch (error) {
      this.deps.logger.warn({ err: error, chainId: this.chain.id }, 'the fault of a chain was not recorded');
    }
  }

  /** After the lease was taken: all that an earlier holder registered is followed here too. */
  private async load(position: Position): Promise<LeasedChain> {
    const { database, followed, positions, walletChains, walletKeys } = this.deps;
    await followed.refresh(true);
    this.deps.unreadable.forget(this.chain.id);
    const { id } = this.chain;
    const blocks = await database.read((manager) => positions.blocks(manager, id));
    const known = await database.read((manager) => walletChains.ofChain(manager, id));
    const starts = await database.read((manager) => walletChains.starts(manager, id));
    return {
      window: ChainWindow.of(blocks as readonly BlockLink[], {
        size: windowBlocksOf(this.chain),
        finalNumber: position.finalNumber,
      }),
      owners: new PendingOwners(this.chain, database, walletKeys),
      starts: new FollowStarts(new Map(known.map(({ walletId, fromBlock }) => [walletId, fromBlock])), [
        ...starts,
      ]),
      readings: new Map(
        blocks.map(({ number, isRecomputed = false }) => [number, { index: null, isRecomputed }] as const),
      ),
      tipAt: null,
      hasUnknownHeader: false,
      batch: this.chain.blocksPerBatch,
      version: null,
    };
  }
}

/** Whether the chain was not put back since. */
function isAt({ window }: LeasedChain, { tipHash, finalNumber }: Position): boolean {
  return (window.head?.hash ?? null) === tipHash && window.finalNumber === finalNumber;
}
