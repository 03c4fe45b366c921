export const LIMIT = 50;

/** Pages to walk until the deep page. */
const DEEP_PAGES = 20;

/** Rows of one table that a list may read: its page, one more, and as many again where a filter leaves some out. */
const OF_A_PAGE = 2 * (LIMIT + 1);
/** Teams, or invitations, of one person or team, which have a limit of their own. */
const OF_A_PERSON = 1_000;
const OF_A_TEAM = 5_000;

/**
 * A call that answers a list.
 *
 * @typedef {object} Call
 * @property {string} name
 * @property {import('./caller.mjs').Asker} asker
 * @property {string} path with its query, below `/v1/`
 * @property {number} mayRead rows of one table by one statement
 */

/**
 * Every list of teams, members, history and invitations: first page, and a deep one where there is one.
 *
 * @param {import('./caller.mjs').Caller} caller
 * @param {Awaited<ReturnType<import('./fill.mjs').fill>>} made
 * @returns {Promise<Call[]>}
 */
export async function callsOf(caller, { applicationId, personId, teamId }) {
  const lists = [
    ['person', 'teams', OF_A_PAGE],
    ['person', 'teams?name=team', OF_A_PAGE],
    ['person', 'teams?name=rare', OF_A_PAGE],
    ['person', `teams?createdBy=${personId}`, OF_A_PAGE],
    ['person', `teams?member=${personId}`, OF_A_PERSON],
    ['client', `teams?member=${personId}`, OF_A_PERSON],
    ['person', 'me/teams', OF_A_PERSON],
    ['person', 'me/invitations', OF_A_PERSON],
    ['person', `teams/${teamId}/members`, OF_A_PAGE],
    ['person', `teams/${teamId}/history`, OF_A_PAGE],
    ['person', `teams/${teamId}/invitations`, OF_A_PAGE],
    ['person', `teams/${teamId}/invitations?status=open`, OF_A_TEAM],
    ['client', `users/${personId}/teams`, OF_A_PERSON],
    ['operator', 'admin/teams', OF_A_PAGE],
    ['operator', 'admin/teams?state=active', OF_A_PAGE],
    ['operator', 'admin/teams?state=deleted', OF_A_PAGE],
    ['operator', `admin/teams?applicationId=${applicationId}`, OF_A_PAGE],
    ['operator', `admin/teams?applicationId=${applicationId}&name=team`, OF_A_PAGE],
    ['operator', `admin/teams?applicationId=${applicationId}&name=rare`, OF_A_PAGE],
    ['operator', `admin/teams?ownerId=${personId}`, OF_A_PERSON],
    ['operator', `admin/teams?memberId=${personId}`, OF_A_PERSON],
    ['operator', `admin/teams/${teamId}/members`, OF_A_PAGE],
    ['operator', `admin/teams/${teamId}/history`, OF_A_PAGE],
    ['operator', `admin/users/${personId}/teams`, OF_A_PERSON],
    ['operator', 'admin/invitations', OF_A_PAGE],
    ['operator', `admin/invitations?teamId=${teamId}`, OF_A_PAGE],
    ['operator', `admin/invitations?teamId=${teamId}&state=open`, OF_A_TEAM],
  ];
  const calls = [];
  for (const [asker, path, mayRead] of lists) {
    const name = `${asker}, ${nameOf(path, { applicationId, personId, teamId })}`;
    const first = withQuery(path, `limit=${LIMIT}`);
    calls.push({ name: `${name}: first page`, asker, path: first, mayRead });
    const cursor = await deepCursor(caller, asker, first);
    if (cursor)
      calls.push({ name: `${name}: deep page`, asker, path: withQuery(first, `cursor=${cursor}`), mayRead });
  }
  return calls;
}

export function withQuery(path, query) {
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

function nameOf(path, { applicationId, personId, teamId }) {
  return path.replace(applicationId, 'id').replace(personId, 'id').replace(teamId, 'id');
}

/** As far as some pages reach: of a full page. Null when there is no such page. */
async function deepCursor(caller, asker, first) {
  let deep = null;
  let { nextCursor: cursor } = await caller.get(asker, first);
  for (let page = 0; page < DEEP_PAGES && cursor !== null; page += 1) {
    const { items, nextCursor } = await caller.get(asker, withQuery(first, `cursor=${cursor}`));
    if (items.length === LIMIT) deep = cursor;
    cursor = nextCursor;
  }
  return deep;
}
