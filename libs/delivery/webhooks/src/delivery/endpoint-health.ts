import { Injectable } from '@nestjs/common';
import { AuditService } from '@countersign/audit';
import { DAY } from '@countersign/clock';
import { Database, DatabaseClock } from '@countersign/database';
import { Outbox } from '@countersign/events';
import { SideTasks } from '@countersign/observability';
import { EndpointSwitch } from '../endpoint-switch';
import type { EndpointRow } from './delivery.repository';
import { EndpointHealthRepository, type CalledEndpoint, type Failing } from './endpoint-health.repository';

/** After this time without a success, an event reports the endpoint. */
const WARNED_AFTER_MS = DAY;
/** Without a success for so long, an endpoint is disabled. */
const DISABLED_AFTER_MS = 5 * DAY;
/** But not sooner after the event: for days nothing may have been sent to it, so that nothing was reported. */
const DISABLED_AFTER_WARNING_MS = DAY;

const ACTOR = 'system';

/**
 * What the answers of endpoints mean for them; nothing where the URL was changed since the call. A later answer
 * repeats what could not be recorded.
 */
@Injectable()
export class EndpointHealth {
  constructor(
    private readonly database: Database,
    private readonly repository: EndpointHealthRepository,
    private readonly endpoints: EndpointSwitch,
    private readonly outbox: Outbox,
    private readonly audit: AuditService,
    private readonly clock: DatabaseClock,
    private readonly tasks: SideTasks,
  ) {}

  /** Whether a further failure has consequences. */
  isDue({ failingSince, warnedAt }: Pick<EndpointRow, 'failingSince' | 'warnedAt'>, now: Date): boolean {
    return failingSince !== null && consequenceOf({ failingSince, warnedAt }, now) !== null;
  }

  /**
   * A delivery failed.
   * @param pauseMs how long the next attempt waits; `null` for not at all
   * @returns whether that is recorded
   */
  async failed(called: CalledEndpoint, pauseMs: number | null): Promise<boolean> {
    const { id: endpointId } = called;
    return this.attempt(endpointId, async () => {
      await this.audit.prepare();
      const now = await this.clock.now();
      const pausedUntil = pauseMs === null ? null : new Date(now.getTime() + pauseMs);
      await this.database.transaction(async (tx) => {
        const failing = await this.repository.fail(tx, called, now, pausedUntil);
        if (failing === null) return;
        const consequence = consequenceOf(failing, now);
        if (consequence === 'disable') await this.endpoints.disable(tx, endpointId, 'failing', ACTOR);
        if (consequence === 'warn') {
          await this.repository.warn(tx, endpointId, now);
          const event = { data: { endpointId }, applicationIds: null };
          await this.outbox.add(tx, 'webhook.endpoint_failing', [event]);
        }
      });
    });
  }

  /** A delivery succeeded. */
  async recovered(called: CalledEndpoint): Promise<void> {
    await this.attempt(called.id, () =>
      this.database.transaction((tx) => this.repository.recover(tx, called)),
    );
  }

  /** The endpoint answered 410: it wants no deliveries any more. @returns whether that is recorded */
  async gone({ id, url }: CalledEndpoint): Promise<boolean> {
    return this.attempt(id, async () => {
      await this.audit.prepare();
      await this.database.transaction((tx) => this.endpoints.disable(tx, id, 'gone', ACTOR, url));
    });
  }

  private async attempt(endpointId: string, work: () => Promise<unknown>): Promise<boolean> {
    const record = async (): Promise<true> => {
      await work();
      return true;
    };
    return (await this.tasks.attempt('webhook-health', record, { endpointId })) ?? false;
  }
}

function consequenceOf({ failingSince, warnedAt }: Failing, now: Date): 'warn' | 'disable' | null {
  const failingMs = now.getTime() - failingSince.getTime();
  if (warnedAt === null) return failingMs >= WARNED_AFTER_MS ? 'warn' : null;
  const warnedMs = now.getTime() - warnedAt.getTime();
  return failingMs >= DISABLED_AFTER_MS && warnedMs >= DISABLED_AFTER_WARNING_MS ? 'disable' : null;
}
