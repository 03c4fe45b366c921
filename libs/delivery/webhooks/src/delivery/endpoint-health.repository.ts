import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import { latestPlausibleDue } from '../longest-wait';

/** An endpoint, and the URL that was called. */
export interface CalledEndpoint {
  readonly id: string;
  readonly url: string;
}

export interface Failing {
  readonly failingSince: Date;
  readonly warnedAt: Date | null;
}

/** With the endpoint, its URL, the instant of the failure, and the end of a pause or null. */
const FAIL = `
  UPDATE webhook_endpoints
  SET failing_since = least(failing_since, $3::timestamptz), paused_until = greatest(
    CASE WHEN paused_until <= ${latestPlausibleDue('$3')} THEN paused_until END, $4::timestamptz)
  WHERE id = $1::uuid AND url = $2 AND status = 'active'
  RETURNING failing_since AS "failingSince", warned_at AS "warnedAt"`;

const RECOVER = `
  UPDATE webhook_endpoints SET failing_since = NULL, warned_at = NULL
  WHERE id = $1::uuid AND url = $2 AND failing_since IS NOT NULL`;

const WARN = `
  UPDATE webhook_endpoints SET warned_at = $2::timestamptz WHERE id = $1::uuid AND warned_at IS NULL`;

const STATES = `
  SELECT CASE WHEN status = 'disabled' THEN 'disabled_' || disabled_reason
    WHEN failing_since IS NOT NULL THEN 'failing' ELSE 'active' END AS state, count(*)::int AS count
  FROM webhook_endpoints GROUP BY 1`;

@Injectable()
export class EndpointHealthRepository {
  /** `null` for an endpoint that is disabled or removed, or has another URL now. */
  fail(
    tx: EntityManager,
    { id, url }: CalledEndpoint,
    at: Date,
    pausedUntil: Date | null,
  ): Promise<Failing | null> {
    return firstRow(tx, FAIL, [id, url, at, pausedUntil]);
  }

  async recover(tx: EntityManager, { id, url }: CalledEndpoint): Promise<void> {
    await tx.query(RECOVER, [id, url]);
  }

  async warn(tx: EntityManager, id: string, now: Date): Promise<void> {
    await tx.query(WARN, [id, now]);
  }

  /** How many endpoints are in each state. */
  async states(manager: EntityManager): Promise<Readonly<Record<string, number>>> {
    const found = await rows<{ state: string; count: number }>(manager, STATES);
    return Object.fromEntries(found.map(({ state, count }) => [state, count]));
  }
}
