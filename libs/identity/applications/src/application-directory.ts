import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, Metrics } from '@countersign/runtime';
import { afterCommit, Database, Notifications, NotifiedCache } from '@countersign/database';
import { ApplicationsRepository, type KnownApplication } from './store/applications.repository';

const CHANNEL = 'countersign_applications_changed';
const MAX_APPLICATIONS = 10_000;

/** Changes arrive by notification from the database. This limits staleness if a notification is lost. */
const FRESH_SECONDS = 30;

const ALL = 'all';

/** Applications in memory, so that neither a sign-in nor a flood of unknown ids costs a statement. */
@Injectable()
export class ApplicationDirectory {
  private readonly known: NotifiedCache<KnownApplication>;
  private readonly listed: NotifiedCache<{ ids: Set<string>; origins: Set<string> }>;

  constructor(
    database: Database,
    repository: ApplicationsRepository,
    notifications: Notifications,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.known = new NotifiedCache(notifications, clock, {
      channel: CHANNEL,
      freshSeconds: FRESH_SECONDS,
      entries: MAX_APPLICATIONS,
      watch: (result) => metrics.cacheLookup('applications', result),
      read: (id) => database.read((manager) => repository.findKnown(manager, id)),
    });
    this.listed = new NotifiedCache(notifications, clock, {
      channel: CHANNEL,
      freshSeconds: FRESH_SECONDS,
      entries: 1,
      read: async () => {
        const found = await database.read((manager) => repository.findOrigins(manager));
        return {
          ids: new Set(found.map(({ id }) => id)),
          origins: new Set(found.flatMap(({ origins }) => origins)),
        };
      },
    });
    notifications.subscribe(CHANNEL, { onMessage: () => this.listed.dropAll(), onGap: () => undefined });
    metrics.watchCache('applications', () => this.known.size);
  }

  /** `undefined` if a query is needed. */
  peek(applicationId: string, now: Date): KnownApplication | undefined {
    return this.known.peek(applicationId, now) ?? undefined;
  }

  /** @param anyCase an id in any case, because PostgreSQL compares UUIDs without case */
  async get(anyCase: string): Promise<KnownApplication | null> {
    const applicationId = anyCase.toLowerCase();
    const known = this.peek(applicationId, this.clock.now());
    if (known) return known;
    const listed = await this.listed.get(ALL);
    return listed?.ids.has(applicationId) ? this.known.get(applicationId) : null;
  }

  async origins(): Promise<ReadonlySet<string>> {
    return (await this.listed.get(ALL))?.origins ?? new Set();
  }

  /** Drops a changed application at the commit. The commit itself notifies other replicas. */
  drop(tx: EntityManager, applicationId: string): void {
    afterCommit(tx, () => {
      this.known.drop(applicationId);
      this.listed.dropAll();
    });
  }
}
