const LIMIT = 50;
/** Rows that a count may read: those that it counts, and as many that a filter of most rows leaves out. */
const OF_A_COUNT = 2 * 10_001;

/** Records of the audit trail that a filtered call examines, docs/administration.md. */
const EXAMINED = 50_000;

/** Rows that a list may read: its page, one more, and those that a filter of half of the rows leaves out. */
const OF_A_PAGE = 2 * (LIMIT + 1);

/** As `OF_A_PAGE`, for a filter of a quarter of the rows, with room for their being unevenly spread. */
const OF_A_QUARTER = 5 * (LIMIT + 1);

/**
 * A call of the administration API that answers a list or a count.
 *
 * @typedef {object} Call
 * @property {string} name
 * @property {string} path with its query
 * @property {number} mayRead rows of one table by one statement
 * @property {boolean} isOfSameSize whether it answers, or counts, as much at both installations
 */

/** A hundred of these are counted at the small installation, and up to the cap at the large one. */
const GROWING = /^(applications|bots)\//;

/** Pages to walk until the deep page. */
const DEEP_PAGES = 20;

/**
 * Every list and every count, with each filter, at one installation.
 *
 * @param {import('./caller.mjs').Caller} caller
 * @param {import('./samples.mjs').Samples} samples
 * @returns {Promise<Call[]>}
 */
export async function callsOf(caller, samples) {
  const { userId, applicationId, botId, created, audit } = samples;
  const lists = [
    ['users', 'users'],
    ['users, status=active', 'users?status=active'],
    ['users, status=deactivated (200)', 'users?status=deactivated'],
    ['users, of a day', `users?createdAfter=${created.after}&createdBefore=${created.before}`],
    ['identities', 'identities'],
    ['identities, provider=telegram', 'identities?provider=telegram'],
    ['identities, provider=openweb3 (200)', 'identities?provider=openweb3'],
    ['identities, attachedSince (200)', 'identities?attachedSince=2000-01-01T00:00:00Z'],
    ['identities, bot (200)', 'identities?bot=telegram/production/7'],
    ['identities, userId', `identities?userId=${userId}`],
    ['identities of a user', `users/${userId}/identities`],
    ['sessions', 'sessions'],
    ['sessions, userId', `sessions?userId=${userId}`],
    ['sessions, userId and state', `sessions?userId=${userId}&state=live`],
    ['sessions of a user', `users/${userId}/sessions`],
    ['applications', 'applications'],
    ['applications, trust', 'applications?trust=third-party'],
    ['bots', 'bots'],
    ['bots, applicationId', `bots?applicationId=${applicationId}`],
    ['bots, provider', 'bots?provider=openweb3'],
    ['bots, environment', 'bots?environment=production'],
    ['bots, status', 'bots?status=compromised', OF_A_QUARTER],
    ['bots, botId', `bots?botId=${botId}`],
    ['principals', 'principals'],
    ['audit', 'audit'],
    ['audit, from and before', `audit?from=${created.after}&before=${created.before}`],
    ['audit, action', 'audit?action=session.opened', EXAMINED],
    ['audit, applicationId', `audit?applicationId=${applicationId}`, EXAMINED],
    ['audit, subject of old', `audit?subject=${audit.subject}`, EXAMINED],
    ['audit, userId of old', `audit?userId=${userId}`, EXAMINED],
  ];
  const counts = [
    ['count of users', 'users/count'],
    ['count of users, status=active', 'users/count?status=active'],
    ['count of users, status=deactivated (200)', 'users/count?status=deactivated'],
    ['count of users, of a day', `users/count?createdAfter=${created.after}&createdBefore=${created.before}`],
    ['count of sessions', 'sessions/count'],
    ['count of sessions, userId', `sessions/count?userId=${userId}`],
    ['count of applications', 'applications/count'],
    ['count of applications, trust', 'applications/count?trust=third-party'],
    ['count of bots', 'bots/count'],
    ['count of bots, provider', 'bots/count?provider=openweb3'],
    ['count of bots, status', 'bots/count?status=compromised'],
  ];
  const calls = [];
  for (const [name, path, mayRead = OF_A_PAGE] of lists) {
    const first = `${path}${path.includes('?') ? '&' : '?'}limit=${LIMIT}`;
    calls.push({ name: `${name}: first page`, path: first, mayRead, isOfSameSize: true });
    const cursor = await deepCursor(caller, path, samples);
    if (cursor)
      calls.push({
        name: `${name}: deep page`,
        path: `${first}&cursor=${cursor}`,
        mayRead,
        isOfSameSize: true,
      });
  }
  return [
    ...calls,
    ...counts.map(([name, path]) => ({ name, path, mayRead: OF_A_COUNT, isOfSameSize: !GROWING.test(path) })),
  ];
}

/** Of the middle of a large list; of a shorter or filtered one as far as some pages reach. Null when it has one page. */
async function deepCursor(caller, path, { middle, cursors }) {
  if (middle[path]) {
    const rows = [{ id: middle[path] }, { id: middle[path] }];
    return cursors.pageOf(path, { limit: 1 }, rows, { idOf: ({ id }) => id, toItem: () => null }).nextCursor;
  }
  let deep = null;
  for (let page = 0; page < DEEP_PAGES; page += 1) {
    const query = `limit=${LIMIT}${deep === null ? '' : `&cursor=${deep}`}`;
    const { nextCursor } = await caller.get(`${path}${path.includes('?') ? '&' : '?'}${query}`);
    // The page at the cursor is to be full.
    if (nextCursor === null) return page < 2 ? null : deep;
    const { items } = await caller.get(
      `${path}${path.includes('?') ? '&' : '?'}limit=${LIMIT}&cursor=${nextCursor}`,
    );
    if (items.length < LIMIT) return deep;
    deep = nextCursor;
  }
  return deep;
}
