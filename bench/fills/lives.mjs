import { product } from '../product/parts.mjs';

const { DAY, MINUTE, SECOND } = product;
const HOUR = 60 * MINUTE;

export const SESSIONS_PER_USER = 3;

/** Sessions in use right now, with valid access tokens: more than one process is to cache. One in at least so many. */
const [MAX_PRESENT, MIN_SPACING] = [130_000, 4];
/** Users are older than the oldest session that is stored. */
const [YOUNGEST_USER, OLDEST_USER] = [131 * DAY, 3 * 365 * DAY];
/** Of twenty sessions that are not in use, most can be refreshed, and one waits for the cleanup. */
const KINDS = [...Array(9).fill('resting'), ...Array(5).fill('idled'), ...Array(5).fill('ended'), 'overdue'];
const ENDS = ['logout', 'logout', 'evicted', 'idle', 'ended-by-owner'];
const REFRESHED_SHARE = 0.8;

/** Users came in the order of their index. */
export function userCreatedAt(index, users, now) {
  return new Date(now - OLDEST_USER + (index / users) * (OLDEST_USER - YOUNGEST_USER));
}

/**
 * The life of a person's session number `ordinal`.
 *
 * @returns {{ kind: string, createdAt: Date, refreshedAt: Date | null, usedAt: Date, endedAt: Date | null, endReason: string | null }}
 */
export function lifeOf(index, ordinal, users, now) {
  const number = index * SESSIONS_PER_USER + ordinal;
  const spacing = Math.max(MIN_SPACING, Math.floor((users * SESSIONS_PER_USER) / MAX_PRESENT));
  const open = { refreshedAt: null, endedAt: null, endReason: null };
  const ago = (least, most) => between(now - most, now - least);
  if (number % spacing === 0) {
    const refreshedAt = between(now - 5 * HOUR, now - 10 * MINUTE);
    const usedAt = between(now - 10 * MINUTE, now - SECOND);
    return { ...open, kind: 'present', createdAt: ago(6 * HOUR, 60 * DAY), refreshedAt, usedAt };
  }
  // Values next to each other differ for every spacing.
  const kind = KINDS[(number * 7 + index) % KINDS.length];
  /** Last refreshed between two instants; never, if the sign-in may be between them too. */
  const asleep = (createdAt, from, to) => {
    const isRefreshed = createdAt.getTime() < from || Math.random() < REFRESHED_SHARE;
    const refreshedAt = isRefreshed ? between(Math.max(from, createdAt.getTime()), to) : null;
    return { ...open, kind, createdAt, refreshedAt, usedAt: refreshedAt ?? createdAt };
  };
  const ended = (createdAt, latest) => {
    const endedAt = between(Math.max(createdAt.getTime(), latest - 29 * DAY), latest);
    return { ...open, kind, createdAt, usedAt: endedAt, endedAt, endReason: ENDS[number % ENDS.length] };
  };
  if (kind === 'resting') return asleep(ago(13 * HOUR, 60 * DAY), now - 29 * DAY, now - 13 * HOUR);
  if (kind === 'idled') return asleep(ago(32 * DAY, 85 * DAY), 0, now - 31 * DAY);
  if (kind === 'ended') return ended(ago(HOUR, 25 * DAY), now - MINUTE);
  return number % 2 === 0
    ? ended(ago(40 * DAY, 60 * DAY), now - 31 * DAY)
    : asleep(ago(121 * DAY, 130 * DAY), 0, now - 100 * DAY);
}

function between(from, to) {
  return new Date(Math.floor(from + Math.random() * Math.max(0, to - from)));
}
