import { randomUUID } from 'node:crypto';
import type { Chain } from '@countersign/chains';
import { MINUTE, SECOND } from '@countersign/clock';
import { unlessSealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import type { OpenSend, SendProgress } from '../ports/send-port';
import type { SendEntity, SendVersionEntity, StoredState, VersionKind } from '../store/send.entities';
import { sealedOutcome, sealedRaw } from '../store/send-sealing';
import type { FollowingDeps } from './following-deps';

/** How many sends are looked at in a round, so that many that wait do not take all requests of a chain. */
const LOOKED_AT = 50;
/** After which another replica looks after the sends of a chain. */
const LEASE_MS = 30 * SECOND;
const MIN_POLL_MS = SECOND;
const MAX_POLL_MS = 15 * SECOND;

interface OpenedSend extends OpenSend {
  readonly wallet: OpenedWallet;
  /** Of its versions. */
  readonly kinds: readonly VersionKind[];
}

/** Looks after the sends of one chain until each is final, while this replica has its lease. */
export class ChainSends {
  private readonly lease = randomUUID();

  constructor(
    readonly chain: Chain,
    private readonly deps: FollowingDeps,
  ) {}

  /** @returns milliseconds until the next call */
  async round(): Promise<number> {
    const pollMs = Math.min(Math.max(this.chain.blockTimeMs, MIN_POLL_MS), MAX_POLL_MS);
    const { database, sends } = this.deps;
    const due = await database.read((manager) => sends.listOpen(manager, this.chain.id, LOOKED_AT));
    if (due.length === 0 || !(await this.acquire())) return pollMs;
    const open = await this.opened(due);
    const looked = await this.deps.ports.of(this.chain.id).look(this.chain, open);
    const waiting: SendEntity[] = [];
    for (const [index, each] of open.entries())
      if ((await this.change(each, looked[index])) === 'broadcasting') waiting.push(each.send);
    await database.transaction((tx) =>
      sends.setLooked(
        tx,
        due.map(({ id }) => id),
        this.deps.clock.now(),
      ),
    );
    await this.broadcast(waiting);
    return pollMs;
  }

  async release(): Promise<void> {
    await this.deps.database.transaction((tx) => this.deps.leases.release(tx, this.lease));
  }

  private async acquire(): Promise<boolean> {
    const { database, databaseClock, leases } = this.deps;
    const now = await databaseClock.now();
    const leaseMs = LEASE_MS * this.deps.patience;
    const [leaseUntil, tooFar] = [leaseMs, leaseMs + MINUTE].map((ms) => new Date(now.getTime() + ms));
    if (!leaseUntil || !tooFar) return false;
    const { lease } = this;
    return database.transaction((tx) =>
      leases.acquire(tx, { chainId: this.chain.id, lease, leaseUntil }, { now, tooFar }),
    );
  }

  /** Without those whose rows or keys are damaged. */
  private async opened(due: readonly SendEntity[]): Promise<readonly OpenedSend[]> {
    const { database, keys, addresses, sends } = this.deps;
    const walletIds = [...new Set(due.map(({ walletId }) => walletId))];
    return database.read(async (manager) => {
      const wallets = await keys.read(manager, walletIds);
      const versions = await sends.versionsOf(
        manager,
        due.map(({ id }) => id),
      );
      const addressOf = new Map<string, string | null>();
      for (const id of walletIds) addressOf.set(id, await addresses.read(manager, id));
      return due.flatMap((send) => {
        const [wallet, address] = [wallets.get(send.walletId), addressOf.get(send.walletId)];
        const own = versions.filter(({ sendId }) => sendId === send.id);
        const read = wallet && address ? unlessSealed(() => openSend(send, own, wallet, address)) : null;
        if (!read) this.deps.logger.warn({ sendId: send.id }, 'a send cannot be read');
        return read ? [read] : [];
      });
    });
  }

  /** @returns the state that the send has now */
  private async change(open: OpenedSend, next: SendProgress | undefined): Promise<StoredState> {
    const { database, sends, changes, clock, logger, foreignUse } = this.deps;
    const { send, wallet, kinds } = open;
    if (!next || isSame(open, next)) return send.state;
    const { state } = next;
    const version = next.outcome && 'version' in next.outcome ? next.outcome.version : null;
    const kind = version === null ? null : (kinds[version - 1] ?? null);
    const isChanged = await database.transaction(async (tx) => {
      const outcome = sealedOutcome.seal(wallet.dataKey, send.id, next.outcome);
      // What a reorganisation dropped is given to the nodes at once.
      const again = state === 'broadcasting' ? { broadcastAt: clock.now() } : {};
      if (!(await changes.change(tx, send, { state, outcome, ...again }, kind))) return false;
      if (state === 'replaced') await foreignUse.note(tx, send.walletId);
      if (state === 'not-sent') await sends.giveNonceBack(tx, send);
      return true;
    });
    if (!isChanged) return send.state;
    this.deps.countState({ chain: this.chain.id, state });
    if (state === 'replaced' || (state === 'broadcasting' && send.state === 'mined'))
      logger.warn({ sendId: send.id, chainId: send.chainId, state }, 'a send is in no block any more');
    if (state === 'broadcasting') send.broadcastAt = clock.now();
    return state;
  }

  /** The lowest nonces first: those above wait for them. One that fails is tried again in its time. */
  private async broadcast(waiting: readonly SendEntity[]): Promise<void> {
    const now = this.deps.clock.now();
    const due = waiting
      .filter(({ broadcastAt }) => broadcastAt <= now)
      .toSorted((one, other) => Number(one.nonce) - Number(other.nonce));
    for (const { walletId, id } of due) await this.deps.broadcasts.do(walletId, id);
  }
}

function openSend(
  send: SendEntity,
  versions: readonly SendVersionEntity[],
  wallet: OpenedWallet,
  address: string,
): OpenedSend {
  const raws = versions.map(({ number, raw }) => sealedRaw.open(wallet.dataKey, [send.id, number], raw));
  const outcome = sealedOutcome.open(wallet.dataKey, send.id, send.outcome);
  return { send, wallet, address, raws, outcome, kinds: versions.map(({ kind }) => kind) };
}

function isSame({ send, outcome }: OpenSend, next: SendProgress): boolean {
  return send.state === next.state && JSON.stringify(outcome) === JSON.stringify(next.outcome);
}
