import type { EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';

/** Only a code of the same person and application, whose asking session lives, that no sign-in has carried before. */
const CLAIM = `
  UPDATE step_ups SET session_id = $4, grant_digest = $5, grant_expires_at = $6
  FROM sessions asking
  WHERE step_ups.code_digest = $1 AND step_ups.session_id IS NULL AND step_ups.expires_at > $7
    AND asking.id = step_ups.asking_session_id AND asking.user_id = $2 AND asking.application_id = $3
    AND asking.ended_at IS NULL
  RETURNING step_ups.id`;

/** A second use waits for the first one, and finds it used. */
const USE = `
  UPDATE step_ups SET used_at = $4
  WHERE grant_digest = $1 AND session_id = $2 AND act = $3 AND used_at IS NULL AND grant_expires_at > $4
  RETURNING id`;

/** @param values code digest, user, application, session of the sign-in, grant digest, end of the grant, now */
export async function claimCode(tx: EntityManager, values: readonly unknown[]): Promise<boolean> {
  return (await firstRow(tx, CLAIM, values)) !== null;
}

/** @param values grant digest, session, act, now. @returns whether the grant was good for the act, and not used before */
export async function consumeGrant(tx: EntityManager, values: readonly unknown[]): Promise<boolean> {
  return (await firstRow(tx, USE, values)) !== null;
}
