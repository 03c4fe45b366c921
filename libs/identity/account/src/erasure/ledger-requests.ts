import { Injectable } from '@nestjs/common';
import { AuditService, personActor } from '@countersign/audit';
import { Clock, MINUTE } from '@countersign/clock';
import { Database } from '@countersign/database';
import { ErasureLedger, isOpenRequest, type LedgerRequest } from '@countersign/ledger';
import { Erasures, requestsOf, UsersService } from '@countersign/users';
import { askLedger } from './ledger-errors';

/** A transaction that is about to commit may be in the ledger already, or the other way round. */
const SETTLED_MS = 10 * MINUTE;

/** Requested erasures in the database and in its ledger. */
@Injectable()
export class LedgerRequests {
  constructor(
    private readonly database: Database,
    private readonly ledger: ErasureLedger,
    private readonly erasures: Erasures,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Brings the ledger to what the database has: a process may have ended before it wrote. @throws LedgerAwayError */
  async agree(): Promise<void> {
    const known = new Map((await this.all()).map((request) => [request.userId, request]));
    await this.dropCancelled([...known.values()]);
    const pending = new Set<string>();
    for (const erasure of await this.erasures.listRequested()) {
      const ids = await this.database.read((manager) => this.erasures.idsOf(manager, erasure.userId));
      for (const id of ids) pending.add(id);
      const unknown = requestsOf(erasure, ids).filter(({ userId, requestedAt, eraseAt }) => {
        const entry = known.get(userId);
        return !entry || entry.requestedAt < requestedAt || entry.eraseAt.getTime() !== eraseAt.getTime();
      });
      if (unknown.length > 0) await askLedger(() => this.ledger.request(unknown));
    }
    const now = this.clock.now();
    const gone = [...known.values()]
      .filter(isOpenRequest)
      .filter(({ userId, requestedAt, eraseAt }) => {
        const isSettled = now.getTime() - requestedAt.getTime() > SETTLED_MS;
        return !pending.has(userId) && isSettled && eraseAt > now;
      })
      .map(({ userId }) => userId);
    if (gone.length > 0) await askLedger(() => this.ledger.cancel(gone, now));
  }

  /** Brings a restored database to what the ledger has. @throws LedgerAwayError */
  async restore(): Promise<void> {
    const requests = await this.all();
    await this.dropCancelled(requests);
    for (const request of requests)
      if (isOpenRequest(request))
        for (const userId of await this.erasures.ownersOf([request.userId]))
          await this.reopen(userId, request);
  }

  private async reopen(userId: string, request: LedgerRequest): Promise<void> {
    const { kind, reason, assurance, requestedAt, eraseAt } = request;
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      if (!(await this.users.lockIfThere(tx, userId))) return;
      const known = await this.erasures.find(userId, tx);
      if (known && (known.startedAt !== null || known.requestedAt >= requestedAt)) return;
      if (kind === 'closed') await this.users.setAuthNotBefore(tx, userId, this.clock.now());
      const rest = { applicationId: null, startedAt: null };
      await this.erasures.put(tx, { userId, kind, reason, assurance, requestedAt, eraseAt, ...rest });
      await this.audit.record(tx, 'user.erasure_requested', {
        actor: 'system',
        subject: personActor(await this.users.getAuditPseudonym(tx, userId)),
        details: { kind, erasesAt: eraseAt.toISOString(), reason: 'restore' },
      });
    });
  }

  /** A request that was cancelled after the backup is not revived. */
  private async dropCancelled(requests: readonly LedgerRequest[]): Promise<void> {
    const cancelled = new Map(
      requests.flatMap((one) => (one.cancelledAt ? [[one.userId, one.cancelledAt] as const] : [])),
    );
    if (cancelled.size === 0) return;
    for (const { userId } of await this.erasures.listRequested()) {
      const at = cancelled.get(userId);
      if (at) await this.drop(userId, at);
    }
  }

  private async drop(userId: string, cancelledAt: Date): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      if (!(await this.users.lockIfThere(tx, userId))) return;
      const known = await this.erasures.find(userId, tx);
      if (known?.startedAt !== null || known.requestedAt > cancelledAt) return;
      await this.erasures.cancel(tx, userId);
      await this.audit.record(tx, 'user.erasure_cancelled', {
        actor: 'system',
        subject: personActor(await this.users.getAuditPseudonym(tx, userId)),
        details: { reason: 'restore' },
      });
    });
  }

  private async all(): Promise<readonly LedgerRequest[]> {
    await this.erasures.settle();
    const all: LedgerRequest[] = [];
    const requests = this.ledger.requests()[Symbol.asyncIterator]();
    for (;;) {
      const next = await askLedger(() => requests.next());
      if (next.done === true) return all;
      all.push(...next.value);
    }
  }
}
