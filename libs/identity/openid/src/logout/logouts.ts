import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { SignJWT } from 'jose';
import { In, LessThanOrEqual, Not } from 'typeorm';
import { Clock, Configuration, Logger, MINUTE, SECOND, type SideTask, SideTasks } from '@countersign/runtime';
import { Database, Notifications, Readiness, RunsWhenReady } from '@countersign/database';
import { IdTokenKeys, REVOKED_CHANNEL } from '@countersign/sessions';
import { nextAttemptAfter, WebhookClient } from '@countersign/webhook-sender';
import { OpenidClients } from '../clients/openid-clients';
import { OpenidRecords } from '../store/openid-records.repository';
import { OpenidLogoutEntity } from '../store/openid.entities';

/** The interval at which attempts that are due again are read. */
const LOOK_EVERY_MS = 5 * SECOND;
/** The interval for sessions whose notification was lost. */
const SWEEP_EVERY_MS = 10 * MINUTE;
/** Many sessions end, and few are of browsers. Ends within this time share a transaction. */
const GATHER_MS = 50;
/** One claim follows all attempts that end within this time. */
const COLLECT_MS = 10;
const AT_ONCE = 64;
/** The limit of simultaneous attempts for one client, so that a slow client cannot use all of them. */
export const PER_CLIENT = 16;
const SESSIONS_AT_ONCE = 200;
const MAX_REMEMBERED = 10_000;
/** Longer than the deadline of an attempt. */
const LEASE_MS = 40 * SECOND;
const DRAIN_MS = 3 * SECOND;
const TOKEN_SECONDS = 120;
const FRACTIONS = 2 ** 32;
const randomFraction = (): number => randomInt(FRACTIONS) / FRACTIONS;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** Tells clients that sessions ended (OpenID Connect Back-Channel Logout 1.0), and retries until they answer. */
@Injectable()
@RunsWhenReady()
export class Logouts implements BeforeApplicationShutdown {
  private readonly collecting: SideTask;
  private readonly sending: SideTask;
  private readonly inFlight = new Map<Promise<void>, string>();
  private readonly ended = new Set<string>();
  private sweepAtMs = 0;

  constructor(
    private readonly database: Database,
    private readonly records: OpenidRecords,
    private readonly clients: OpenidClients,
    private readonly keys: IdTokenKeys,
    private readonly sender: WebhookClient,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly tasks: SideTasks,
    notifications: Notifications,
    readiness: Readiness,
  ) {
    this.collecting = tasks.loop('openid-ended-sessions', () => this.collectEnded(), readiness);
    this.sending = tasks.loop('openid-logouts', () => this.sendDue(), readiness);
    notifications.subscribe(REVOKED_CHANNEL, {
      onMessage: (payload) => {
        // The first item of the payload is no id. Above the limit, a sweep finds the sessions.
        if (this.ended.size < MAX_REMEMBERED)
          for (const id of payload.split(',').slice(1)) this.ended.add(id);
        else this.sweepAtMs = 0;
        this.collecting.wake(GATHER_MS);
      },
      onGap: () => {
        this.sweepAtMs = 0;
        this.collecting.wake();
      },
    });
  }

  start(): void {
    this.collecting.start();
    this.sending.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const stopped = Promise.all([this.collecting.stop(), this.sending.stop()]);
    const ended = stopped.then(() => Promise.all(this.inFlight.keys()));
    await Promise.race([ended, sleep(DRAIN_MS, undefined, { ref: false })]);
    await this.sender.close();
    await ended;
  }

  private async sendDue(): Promise<number> {
    for (const logout of await this.claim()) this.attempt(logout);
    return LOOK_EVERY_MS;
  }

  private async collectEnded(): Promise<number> {
    const nowMs = this.clock.now().getTime();
    const { sweepAtMs } = this;
    const isSweep = nowMs >= sweepAtMs;
    const ids = [...this.ended];
    if (!isSweep && ids.length === 0) return sweepAtMs - nowMs;
    this.ended.clear();
    // After a failure, or if there were too many, a sweep follows.
    this.sweepAtMs = 0;
    const count = await this.database.transaction((tx) =>
      this.records.takeEnded(tx, isSweep ? null : ids, SESSIONS_AT_ONCE),
    );
    if (count > 0) this.sending.wake();
    if (count < SESSIONS_AT_ONCE) this.sweepAtMs = isSweep ? nowMs + SWEEP_EVERY_MS : sweepAtMs;
    return Math.max(0, this.sweepAtMs - nowMs);
  }

  private attempt(logout: OpenidLogoutEntity): void {
    const { clientId } = logout;
    const sent = this.tasks
      .attempt('openid-logout', () => this.send(logout), { clientId })
      .then(() => {
        this.inFlight.delete(sent);
        this.sending.wake(COLLECT_MS);
      });
    this.inFlight.set(sent, clientId);
  }

  private async claim(): Promise<readonly OpenidLogoutEntity[]> {
    const take = AT_ONCE - this.inFlight.size;
    if (take <= 0) return [];
    const now = this.clock.now();
    const dueAt = new Date(now.getTime() + LEASE_MS);
    const running = new Map<string, number>();
    for (const id of this.inFlight.values()) running.set(id, (running.get(id) ?? 0) + 1);
    const busy = [...running].filter(([, count]) => count >= PER_CLIENT).map(([id]) => id);
    return this.database.transaction(async (tx) => {
      const due = await tx.find(OpenidLogoutEntity, {
        where: { dueAt: LessThanOrEqual(now), clientId: Not(In(busy)) },
        order: { dueAt: 'ASC' },
        take,
        lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
      });
      const claimed = due.filter(({ clientId }) => {
        const count = (running.get(clientId) ?? 0) + 1;
        running.set(clientId, count);
        return count <= PER_CLIENT;
      });
      if (claimed.length > 0)
        await tx.upsert(
          OpenidLogoutEntity,
          claimed.map((logout) => ({ ...logout, dueAt })),
          ['clientId', 'sid'],
        );
      return claimed;
    });
  }

  private async send(logout: OpenidLogoutEntity): Promise<void> {
    const { clientId, sid } = logout;
    const client = await this.clients.find(clientId);
    const url = client?.logoutUrl;
    if (!client || url == null) return this.end(logout);
    const body = new URLSearchParams({ logout_token: await this.tokenFor(client, sid) }).toString();
    const result = await this.sender.send({
      url,
      headers: {},
      contentType: 'application/x-www-form-urlencoded',
      body,
    });
    if (result.kind === 'answered' && result.status >= 200 && result.status < 300) return this.end(logout);
    const retryAfter = result.kind === 'answered' ? result.retryAfterSeconds : null;
    const attempts = logout.attempts + 1;
    const waitMs = nextAttemptAfter(attempts, retryAfter, randomFraction);
    this.logger.warn({ clientId, attempts, result }, 'a client did not take the end of a session');
    if (waitMs === null) return this.end(logout);
    const dueAt = new Date(this.clock.now().getTime() + waitMs);
    await this.database.transaction((tx) =>
      tx.update(OpenidLogoutEntity, { clientId, sid }, { attempts, dueAt }),
    );
  }

  /** The token names only the session, because the person may be erased by now. */
  private async tokenFor(
    { id, algorithm }: { readonly id: string; readonly algorithm: string },
    sid: string,
  ): Promise<string> {
    const { keys } = await this.keys.current();
    const key = keys.find(({ alg }) => alg === algorithm);
    if (!key) throw new Error(`there is no key of ${algorithm}`);
    const issuedAt = Math.floor(this.clock.now().getTime() / SECOND);
    return new SignJWT({ sid, events: { [EVENT]: {} } })
      .setProtectedHeader({ alg: algorithm, typ: 'logout+jwt', kid: key.kid })
      .setIssuer(this.configuration.issuer)
      .setAudience(id)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + TOKEN_SECONDS)
      .setJti(randomUUID())
      .sign(key.privateKey);
  }

  private async end({ clientId, sid }: OpenidLogoutEntity): Promise<void> {
    await this.database.transaction((tx) => tx.delete(OpenidLogoutEntity, { clientId, sid }));
  }
}
