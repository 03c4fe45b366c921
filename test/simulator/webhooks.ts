import { createHmac } from 'node:crypto';
import type { ReceivedWebhook } from '../support/webhooks';
import { pickAt } from './random';
import type { Replica } from './replica';
import type { Stage } from './stage';
import type { Difference } from './tables';

/** How the receiver answers while webhooks are delivered. */
const BEHAVIOURS = ['fine', 'fine', 'refuses', 'loses its answer'] as const;
/** Deliveries are tried ten times: the receiver recovers before. */
const MAX_FAILED_ATTEMPTS = 7;
const CLAIMED_AT_ONCE = 16;

interface DueDelivery {
  readonly id: string;
  readonly attempts: number;
}

interface Attempted extends DueDelivery {
  readonly state: string;
  readonly event: object | null;
}

const DUE = `
  SELECT event_id AS id, attempts FROM webhook_deliveries
  WHERE state = 'pending' AND due_at <= $1`;
const ATTEMPTED = `
  SELECT event_id AS id, attempts, state, (
    SELECT json_build_object('type', type, 'sequence', sequence, 'data', data) FROM events
    WHERE sequence = delivery.sequence AND occurred_at = delivery.occurred_at) AS event
  FROM webhook_deliveries AS delivery WHERE event_id = ANY($1)`;
const DELIVERED = `SELECT event_id AS id FROM webhook_deliveries WHERE state = 'delivered'`;
const DISORDERED = `
  SELECT sequence FROM (
    SELECT sequence, occurred_at, max(occurred_at) OVER (PARTITION BY subject ORDER BY sequence) AS latest FROM events
  ) AS ordered WHERE occurred_at < latest`;

/** What the receiver of webhooks has to get: each event of a committed change at least once, and nothing else. */
export class Webhooks {
  private readonly arrived = new Set<string>();

  constructor(
    private readonly stage: Stage,
    private readonly secret: string,
  ) {}

  /** A replica makes all attempts that are due. @returns null where none is due */
  async deliver(replica: Replica, choice: number): Promise<{ readonly name: string; check: Check } | null> {
    const { receiver } = this.stage;
    const due = await this.due();
    if (due.length === 0) return null;
    const isTired = due.some(({ attempts }) => attempts >= MAX_FAILED_ATTEMPTS);
    const behaviour = isTired ? 'fine' : pickAt(BEHAVIOURS, choice);
    receiver.answer = (response) => {
      if (behaviour === 'loses its answer') response.destroy();
      else response.writeHead(behaviour === 'fine' ? 204 : 500).end();
    };
    const before = receiver.received.length;
    for (let round = 0; round <= due.length / CLAIMED_AT_ONCE; round += 1) await replica.deliverWebhooks();
    const received = receiver.received.slice(before);
    const isAgain = received.some(({ id }) => this.arrived.has(id));
    for (const { id } of received) this.arrived.add(id);
    return {
      name: `webhooks: the receiver ${behaviour === 'fine' && isAgain ? 'gets some again' : behaviour}`,
      check: (isDisturbed) => this.check(due, received, isDisturbed ? null : behaviour === 'fine'),
    };
  }

  private due(): Promise<DueDelivery[]> {
    return this.stage.query(DUE, [this.stage.clock.now()]);
  }

  /** @param isAccepted whether the receiver answered that it has them; null where a fault disturbed it */
  private async check(
    due: readonly DueDelivery[],
    received: readonly ReceivedWebhook[],
    isAccepted: boolean | null,
  ): Promise<readonly Difference[]> {
    const rows = await this.stage.query<Attempted>(ATTEMPTED, [due.map(({ id }) => id)]);
    const broken = (what: string, expected: unknown, found: unknown): Difference => ({
      invariant: 'webhooks',
      what,
      expected,
      found,
    });
    const wrong = received.flatMap((webhook) => {
      const expected = rows.find(({ id }) => id === webhook.id)?.event;
      const { type, sequence, data } = JSON.parse(webhook.body) as Record<string, unknown>;
      const found = { type, sequence, data };
      const isSame = this.isSigned(webhook) && sortedJson(expected) === sortedJson(found);
      return isSame ? [] : [broken(`what arrived as ${webhook.id}`, expected, found)];
    });
    const lost = rows.flatMap((row) => {
      const before = due.find(({ id }) => id === row.id);
      const expected = isAccepted ? 'delivered' : 'pending';
      const isAttempted = row.state === expected && row.attempts === (before?.attempts ?? 0) + 1;
      // Events are removed after a month.
      return isAccepted === null || row.event === null || isAttempted
        ? []
        : [broken('a delivery', expected, row)];
    });
    const delivered = await this.stage.query<{ id: string }>(DELIVERED);
    const untrue = delivered.filter(({ id }) => !this.arrived.has(id));
    const disordered = await this.stage.query(DISORDERED);
    return [
      ...wrong,
      ...lost,
      ...untrue.map((row) => broken('a delivery that is noted as delivered', 'it arrived', row)),
      ...disordered.map((row) => broken('an event', 'sequences rise with commits', row)),
    ];
  }

  private isSigned({ id, headers, body }: ReceivedWebhook): boolean {
    const key = Buffer.from(this.secret.slice('whsec_'.length), 'base64');
    const signed = `${id}.${headers['webhook-timestamp']}.${body}`;
    return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  }
}

type Check = (isDisturbed: boolean) => Promise<readonly Difference[]>;

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each !== null && typeof each === 'object' ? Object.fromEntries(Object.entries(each).toSorted()) : each,
  );
}
