import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, MINUTE } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Refusals, SideTasks, type RefusedRequest } from '@countersign/observability';
import { AuditNames } from '../reading/audit-names';
import { AuditService, type AuditEvent } from '../audit.service';
import { RefusalTable, type CountedRefusals } from './refusal-table';
import type { RefusedRequestEntity } from './refused-request.entity';
import { RefusedRequestsRepository } from './refused-requests.repository';

/** Kinds of refusals that have a count of their own, in each of the tables; twice as many without their callers. */
const MAX_KINDS = 1_000;
/** One kind cannot fill the rows of a minute, and further rows of kinds take half of them at most: the other half is for first ones. */
const MAX_ROWS_OF_KIND = 50;
const FIRST_ROWS = 5;
const MAX_ROWS_OF_MINUTE = 1_000;
const MAX_FURTHER_ROWS_OF_MINUTE = MAX_ROWS_OF_MINUTE / 2;
const MAX_WAITING = 5_000;

/**
 * Records of one minute at one replica, of callers that are known: of one caller, route and code as many as of a kind. The
 * rest of the minute is counted, so that a caller with a valid token cannot fill the database.
 */
const MAX_RECORDS_OF_MINUTE = 1_000;

/** A refusal of a known caller that has a record of its own. */
interface SingleRefusal {
  readonly refused: RefusedRequest;
  readonly at: Date;
}

/** A step of RFC 9449, after an otherwise valid proof. */
const NO_REFUSAL = 'dpop.nonce_required';

/**
 * Writes refused requests in batches: a request itself costs no statement. Refusals that concern security become audit
 * records: of known callers one each, up to a bound, and of all others one for each kind and minute, with their count. A
 * process that is killed loses its last seconds of the former, and its last minute of the latter.
 */
@Injectable()
export class RefusalJournal implements BeforeApplicationShutdown {
  /** Of callers that are known. Any client can cause a thousand kinds of the others, and must not displace these. */
  private readonly verified = new RefusalTable(MAX_KINDS);
  private readonly unverified = new RefusalTable(MAX_KINDS);
  /** Of no concern to the audit trail: counted to tell how many of a kind there are. */
  private readonly harmless = new RefusalTable(MAX_KINDS);
  private waiting: RefusedRequestEntity[] = [];
  private singles: SingleRefusal[] = [];
  private minute = 0;
  private rows = new RowsOfMinute();
  private recordsOfMinute = 0;
  private recordsOfKinds = new Map<string, number>();
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly requests: RefusedRequestsRepository,
    private readonly audit: AuditService,
    private readonly names: AuditNames,
    private readonly clock: Clock,
    private readonly agreedClock: AgreedClock,
    private readonly tasks: SideTasks,
    refusals: Refusals,
  ) {
    refusals.listen((refused) => {
      this.note(refused);
    });
  }

  /** Writes what waits: of the counts those of minutes that are over, or all. Never rejects. */
  flush(all: boolean): Promise<void> {
    this.writing = this.writing.then(() => this.tasks.attempt('refusals', () => this.write(all)));
    return this.writing;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush(true);
  }

  private note(refused: RefusedRequest): void {
    if (refused.code === NO_REFUSAL || !this.agreedClock.isRight) return;
    const now = this.clock.now();
    this.startMinute(now);
    const { requestId, code, status, route, applicationId } = refused;
    const single = this.singleOf(refused);
    if (single) this.singles.push({ refused, at: now });
    const count = single ?? this.tableOf(refused).add(refused, now);
    if (count > MAX_ROWS_OF_KIND || !this.hasRoom(refused, count <= FIRST_ROWS)) return;
    this.waiting.push({ id: uuidv7(), requestId, code, status, route, applicationId, refusedAt: now });
  }

  private tableOf(refused: RefusedRequest): RefusalTable {
    if (!isOfSecurity(refused)) return this.harmless;
    const { userId, principalId } = refused;
    return userId === null && principalId === null ? this.unverified : this.verified;
  }

  private hasRoom({ route, code }: RefusedRequest, isFirst: boolean): boolean {
    return this.waiting.length < MAX_WAITING && this.rows.take(`${code} ${route}`, isFirst);
  }

  private startMinute(now: Date): void {
    const minute = Math.floor(now.getTime() / MINUTE);
    if (minute === this.minute) return;
    this.minute = minute;
    this.rows = new RowsOfMinute();
    this.recordsOfMinute = 0;
    this.recordsOfKinds = new Map();
  }

  /** @returns how many of its kind have a record of their own in this minute; null for one that is only counted */
  private singleOf(refused: RefusedRequest): number | null {
    const { userId, principalId, route, code, applicationId } = refused;
    const isKnown = userId !== null || principalId !== null;
    if (!isKnown || !isOfSecurity(refused) || this.recordsOfMinute >= MAX_RECORDS_OF_MINUTE) return null;
    if (this.singles.length >= MAX_WAITING) return null;
    const kind = [userId, principalId, applicationId, route, code].join('\n');
    const count = (this.recordsOfKinds.get(kind) ?? 0) + 1;
    if (count > MAX_ROWS_OF_KIND) return null;
    this.recordsOfKinds.set(kind, count);
    this.recordsOfMinute += 1;
    return count;
  }

  private async write(all: boolean): Promise<void> {
    const requests = this.waiting.splice(0);
    const singles = this.singles.splice(0);
    const now = this.clock.now();
    this.harmless.take(now, all);
    const verified = this.verified.take(now, all);
    const unverified = this.unverified.take(now, all);
    const audited = [...verified, ...unverified];
    if (requests.length === 0 && audited.length === 0 && singles.length === 0) return;
    try {
      await this.audit.prepare();
      await this.database.transaction(async (tx) => {
        if (requests.length > 0) await this.requests.insert(tx, requests);
        const events = [...(await this.singleEventsOf(tx, singles)), ...(await this.eventsOf(tx, audited))];
        await this.audit.recordAll(tx, 'auth.refused', events);
      });
    } catch (error) {
      // A good proof is refused by a wrong clock, and its instant is wrong.
      if (!this.agreedClock.isRight) return this.forget();
      this.waiting.unshift(...requests.slice(0, MAX_WAITING - this.waiting.length));
      this.singles.unshift(...singles);
      this.verified.giveBack(verified);
      this.unverified.giveBack(unverified);
      throw error;
    }
  }

  /** What was noted meanwhile, and before. */
  private forget(): void {
    this.waiting = [];
    this.singles = [];
    for (const table of [this.harmless, this.verified, this.unverified]) table.take(this.clock.now(), true);
  }

  private async singleEventsOf(
    tx: EntityManager,
    singles: readonly SingleRefusal[],
  ): Promise<readonly AuditEvent[]> {
    const userIds = new Set(singles.flatMap(({ refused: { userId } }) => userId ?? []));
    const actors = await this.names.actorsOf(tx, [...userIds]);
    return singles.map(({ refused, at }) => {
      const { applicationId, door, route, code, requestId } = refused;
      return {
        actor: actorOf(refused, actors),
        requestId,
        ...(applicationId === null ? {} : { applicationId }),
        details: { ...(door === null ? { route } : { door }), code, at: at.toISOString() },
      };
    });
  }

  private async eventsOf(
    tx: EntityManager,
    counted: readonly CountedRefusals[],
  ): Promise<readonly AuditEvent[]> {
    const userIds = new Set(counted.flatMap(({ userId }) => userId ?? []));
    const actors = await this.names.actorsOf(tx, [...userIds]);
    return counted.map((kind) => {
      const { minute, applicationId, door, route, code, count } = kind;
      return {
        actor: actorOf(kind, actors),
        ...(applicationId === null ? {} : { applicationId }),
        details: {
          ...(door === null ? { route } : { door }),
          code,
          count: String(count),
          minute: minute.toISOString(),
        },
      };
    });
  }
}

/** What is kept of a minute. */
class RowsOfMinute {
  private firsts = 0;
  private furthers = 0;
  /** By code and route, which callers cannot invent. */
  private readonly ofRule = new Map<string, number>();

  /**
   * Takes a row, if there is room. The first ones of each code and route always have it: kinds differ in application and
   * caller too, so that a flood can have as many as it likes.
   */
  take(rule: string, isFirst: boolean): boolean {
    const known = this.ofRule.get(rule) ?? 0;
    if (known < FIRST_ROWS) {
      this.ofRule.set(rule, known + 1);
      return true;
    }
    if (isFirst) {
      this.firsts += 1;
      return this.firsts + Math.min(this.furthers, MAX_FURTHER_ROWS_OF_MINUTE) <= MAX_ROWS_OF_MINUTE;
    }
    this.furthers += 1;
    return this.furthers <= MAX_FURTHER_ROWS_OF_MINUTE;
  }
}

function actorOf(
  { userId, principalId }: Pick<RefusedRequest, 'userId' | 'principalId'>,
  actors: ReadonlyMap<string, string>,
): string {
  if (principalId !== null) return `principal:${principalId}`;
  return (userId === null ? undefined : actors.get(userId)) ?? 'unverified';
}

/**
 * Failed authentications and authorisations, reached limits, and every refusal of a route that takes credentials: also a
 * redirect.
 */
function isOfSecurity({ code, status, takesCredentials }: RefusedRequest): boolean {
  if (code.startsWith('service.')) return false;
  return status === 401 || status === 403 || status === 429 || (takesCredentials && status < 500);
}

const FLUSH_EVERY_MS = 5_000;

/** Replaced in tests. */
@Injectable()
export class RefusalTimer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly journal: RefusalJournal) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.journal.flush(false), FLUSH_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
