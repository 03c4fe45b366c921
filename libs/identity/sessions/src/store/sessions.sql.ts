import { lockingStatement } from '@countersign/database';
import {
  ACCESS_SESSION,
  DISPUTED_SINCE,
  NEW_SESSION,
  PAIR,
  readable,
  ROTATION,
  SESSION,
  SLIDE,
} from './session.columns';

/** No index has this condition: the planner finds sessions by user (ADR 0024). `$2` is the instant. */
const LIVE = `ended_at IS NULL AND LEAST(idle_expires_at, expires_at) > $2 AND (created_at < ${DISPUTED_SINCE}) IS NOT TRUE`;

/**
 * The users are locked, each with one session here, so that parallel sign-ins cannot exceed the limit. The
 * weakest assurance is evicted first, then the oldest: forged weak proofs evict a strong session only if all are
 * strong. Sessions of other identities stay for five minutes, so that a new identity cannot prevent the others from
 * separating it. The bot of a proof is checked again under a lock: it may have been removed or distrusted since, and a
 * later revocation has to find this session. A bot that is skipped because it is locked does not count. For a user with
 * fewer sessions than the limit, the index decides. Every plan finds sessions by user or id (ADR 0024). The parameters
 * are the limit, the instant, and the batch of `NEW_SESSION`.
 */
export const INSERT_AND_EVICT = lockingStatement(
  (skip) => `
  WITH wanted AS (
    ${NEW_SESSION.unnest(3)}
  ), surplus AS (
    SELECT oldest.id FROM wanted CROSS JOIN LATERAL (
      SELECT count(*) FROM (
        SELECT FROM sessions s WHERE s.user_id = wanted.user_id AND s.application_id = wanted.application_id LIMIT $1::int
      ) AS any_row
    ) AS stored CROSS JOIN LATERAL (
      SELECT s.id, s.identity_id, s.created_at FROM sessions s
      WHERE s.user_id = wanted.user_id AND s.application_id = wanted.application_id
        AND stored.count = $1 AND ${LIVE}
      ORDER BY array_position(ARRAY['platform', 'bot-token', 'vendor'], s.assurance), s.created_at DESC, s.id DESC
      OFFSET $1::int - 1
    ) AS oldest
    WHERE oldest.identity_id = wanted.identity_id OR oldest.created_at <= $2::timestamptz - interval '5 minutes'
  ), leaving AS (
    SELECT locked.id FROM (SELECT id FROM surplus ORDER BY id) AS surplus CROSS JOIN LATERAL (
      SELECT s.id FROM sessions s WHERE s.id = surplus.id AND s.ended_at IS NULL FOR NO KEY UPDATE
    ) AS locked
  ), evicted AS (
    UPDATE sessions SET ended_at = $2, end_reason = 'evicted', ended_by = 'system'
    WHERE id = ANY(ARRAY(SELECT id FROM leaving)) AND ended_at IS NULL RETURNING id, user_id
  ), reliable AS (
    SELECT wanted.id FROM wanted JOIN bots ON bots.id = wanted.bot_row_id
    WHERE bots.status = 'active' OR (bots.status = 'compromised' AND wanted.assurance = 'platform')
    FOR KEY SHARE OF bots ${skip}
  ), opened AS (
    INSERT INTO sessions (${NEW_SESSION.names}, created_at, rotations)
    SELECT ${NEW_SESSION.names}, $2::timestamptz, '[]'::jsonb
    FROM wanted WHERE bot_row_id IS NULL OR id IN (SELECT id FROM reliable)
    RETURNING id, user_id
  )
  SELECT id, user_id AS "userId", false AS opened FROM evicted UNION ALL SELECT id, user_id, true FROM opened`,
);

/** A session that ended, that idled out before the use, or that has another access token now, stays as it is. */
const TAKES_SLIDE = `s.ended_at IS NULL AND s.access_digest = slide.access_digest
      AND s.access_idle_expires_at > slide.used_at AND s.idle_expires_at > slide.used_at`;

/**
 * Moves idle deadlines forward, never back. Rows are locked in id order, so that batches of several replicas do not
 * deadlock. It returns locked sessions, which it skips because waiting would hold earlier locks. It also returns, with
 * their application, sessions last used on an earlier day. A first use that moves nothing is no use yet.
 */
export const WRITE_SLIDES = lockingStatement(
  (skip) => `
  WITH due AS (
    SELECT s.id, slide.deadline, slide.deadline > s.access_idle_expires_at
      AND greatest(s.created_at, s.access_idle_expires_at - make_interval(secs => s.access_idle_in))
        < date_trunc('day', slide.used_at, 'UTC') AS is_first_today
    FROM (${SLIDE.unnest()} LIMIT cardinality($1)) AS slide
    JOIN sessions s ON s.id = slide.session_id
    WHERE ${TAKES_SLIDE}
    ORDER BY s.id
    FOR NO KEY UPDATE OF s ${skip}
  ), written AS (
    UPDATE sessions s
    SET access_idle_expires_at = GREATEST(s.access_idle_expires_at, LEAST(due.deadline, s.access_expires_at)),
      awaits_first_use = false
    FROM due WHERE s.id = due.id AND s.ended_at IS NULL
    RETURNING s.id, s.application_id, due.is_first_today
  )
  SELECT slide.session_id AS id, NULL AS "applicationId" FROM (${SLIDE.unnest()} LIMIT cardinality($1)) AS slide
  WHERE slide.session_id NOT IN (SELECT id FROM written)
    AND EXISTS (SELECT FROM sessions s WHERE s.id = slide.session_id AND ${TAKES_SLIDE})
  UNION ALL SELECT id, application_id FROM written WHERE is_first_today`,
);

export const FIND_BY_IDS = `SELECT ${readable(SESSION)} FROM sessions WHERE id = ANY($1::uuid[])`;
export const FIND_FOR_ACCESS = `SELECT ${readable(ACCESS_SESSION)} FROM sessions WHERE id = $1`;

/** `$3` is null for all applications. */
export const LIST_LIVE = `
  SELECT * FROM (
    SELECT ${SESSION.selected} FROM sessions
    WHERE user_id = $1 AND ${LIVE} AND ($3::uuid IS NULL OR application_id = $3) AND ($4::uuid IS NULL OR id < $4)
    OFFSET 0
  ) AS own ORDER BY id DESC LIMIT $5`;

export const LOCK = lockingStatement((skip) => `${FIND_BY_IDS} ORDER BY id FOR NO KEY UPDATE ${skip}`);

/** The planner assumes few rows for LIMIT, so it looks up each id (ADR 0024). */
export const ROTATE = `
  UPDATE sessions s SET
    ${PAIR.assignedFrom('next')},
    step_up_expires_at = CASE WHEN next.reentered_at IS NULL THEN s.step_up_expires_at END,
    authenticated_at = COALESCE(next.reentered_at, s.authenticated_at)
  FROM (${ROTATION.unnest()} LIMIT cardinality($1)) AS next
  WHERE s.id = next.id AND s.ended_at IS NULL`;
