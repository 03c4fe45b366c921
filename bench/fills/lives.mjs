import { product } from '../product/parts.mjs';

const { DAY, MINUTE, SECOND } = product;
const HOUR = 60 * MINUTE;

export const SESSIONS_PER_USER = 3;

/** Sessions that are in use right now, so that their access tokens are good: more than one process is to remember. */
const MAX_PRESENT = 130_000;
const MIN_SPACING = 4;

/** Users are older than the oldest session that is stored. */
const YOUNGEST_USER = 131 * DAY;
const OLDEST_USER = 3 * 365 * DAY;

/** What becomes of twenty sessions that are not in use: most are asleep, one waits for the cleaning. */
const KINDS = [...Array(9).fill('resting'), ...Array(5).fill('idled'), ...Array(5).fill('ended'), 'overdue'];
const ENDS = ['logout', 'logout', 'evicted', 'idle', 'ended-by-owner'];

/** Most people come back and refresh. */
const REFRESHED_SHARE = 0.8;

/**
 * The life of one session.
 *
 * @typedef {object} Life
 * @property {'present' | 'resting' | 'idled' | 'ended' | 'overdue'} kind
 * @property {Date} createdAt
 * @property {Date | null} refreshedAt
 * @property {Date} usedAt
 * @property {Date | null} endedAt
 * @property {string | null} endReason
 */

/** The first of them came first. */
export function userCreatedAt(index, users, now) {
  const share = index / users;
  return new Date(now - OLDEST_USER + share * (OLDEST_USER - YOUNGEST_USER));
}

/** @returns {Life} of a person's session number `ordinal` */
export function lifeOf(index, ordinal, users, now) {
  const number = index * SESSIONS_PER_USER + ordinal;
  const spacing = Math.max(MIN_SPACING, Math.floor((users * SESSIONS_PER_USER) / MAX_PRESENT));
  if (number % spacing === 0) return present(now);
  // Neighbours are unlike, whatever the spacing is.
  const kind = KINDS[(number * 7 + index) % KINDS.length];
  switch (kind) {
    case 'resting':
      return asleep(kind, ago(now, 13 * HOUR, 60 * DAY), now - 29 * DAY, now - 13 * HOUR);
    case 'idled':
      return asleep(kind, ago(now, 32 * DAY, 85 * DAY), 0, now - 31 * DAY);
    case 'ended':
      return ended(kind, ago(now, HOUR, 25 * DAY), now - MINUTE, number);
    default:
      return number % 2 === 0
        ? ended(kind, ago(now, 40 * DAY, 60 * DAY), now - 31 * DAY, number)
        : asleep(kind, ago(now, 121 * DAY, 130 * DAY), 0, now - 100 * DAY);
  }
}

function present(now) {
  const createdAt = ago(now, 6 * HOUR, 60 * DAY);
  const refreshedAt = between(now - 5 * HOUR, now - 10 * MINUTE);
  return life('present', createdAt, { refreshedAt, usedAt: between(now - 10 * MINUTE, now - SECOND) });
}

/** Its last refresh is within these bounds; it was never refreshed if its sign-in may be within them too. */
function asleep(kind, createdAt, from, to) {
  const isOldEnough = createdAt.getTime() < from;
  const isRefreshed = isOldEnough || Math.random() < REFRESHED_SHARE;
  const refreshedAt = isRefreshed ? between(Math.max(from, createdAt.getTime()), to) : null;
  return life(kind, createdAt, { refreshedAt, usedAt: refreshedAt ?? createdAt });
}

function ended(kind, createdAt, latest, number) {
  const endedAt = between(Math.max(createdAt.getTime(), latest - 29 * DAY), latest);
  const endReason = ENDS[number % ENDS.length];
  return life(kind, createdAt, { usedAt: endedAt, endedAt, endReason });
}

function life(kind, createdAt, { refreshedAt = null, usedAt, endedAt = null, endReason = null }) {
  return { kind, createdAt, refreshedAt, usedAt, endedAt, endReason };
}

function ago(now, least, most) {
  return between(now - most, now - least);
}

function between(from, to) {
  return new Date(Math.floor(from + Math.random() * Math.max(0, to - from)));
}
