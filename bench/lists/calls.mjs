import { createRequire } from 'node:module';
import { inClone } from '../../scripts/lib/clone.mjs';
import { product } from '../product/parts.mjs';
import { LIMIT, OF_A_PAGE, pagesOfList } from './pages.mjs';

const { Cursors } = createRequire(import.meta.url)(inClone('dist/libs/platform/admin/src/index.js'));

/** Rows that a count may read: those that it counts, and as many that a filter of most rows leaves out. */
const OF_A_COUNT = 2 * 10_001;
/** Records of the audit trail that a filtered call examines, docs/administration.md. */
const EXAMINED = 50_000;
/** As `OF_A_PAGE`, for a filter of a quarter of the rows, with room for their being unevenly spread. */
const OF_A_QUARTER = 5 * (LIMIT + 1);
/** A hundred of these are counted at the small installation, and up to the cap at the large one. */
const GROWING = /^admin\/(applications|bots)\/count/;

/** Every list and every count, with each filter, at one installation. `keys`: the document of the ring. */
export async function callsOf(caller, client, keys) {
  const one = async (text) => (await client.query(text)).rows[0];
  const { id: userId } = await one('SELECT id FROM users ORDER BY id OFFSET 10 LIMIT 1');
  const { id: applicationId, bot_id: botId } = await one(
    'SELECT application_id AS id, bot_id FROM bots ORDER BY id DESC LIMIT 1',
  );
  const { subject } = await one('SELECT subject FROM audit_records ORDER BY occurred_at OFFSET 10 LIMIT 1');
  const days = await one(`SELECT now() - interval '5 days' AS after, now() - interval '4 days' AS before`);
  const [after, before] = [days.after.toISOString(), days.before.toISOString()];
  const lists = [
    ['users', 'users'],
    ['users, status=active', 'users?status=active'],
    ['users, status=deactivated (200)', 'users?status=deactivated'],
    ['users, of a day', `users?createdAfter=${after}&createdBefore=${before}`],
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
    ['audit, from and before', `audit?from=${after}&before=${before}`],
    ['audit, action', 'audit?action=session.opened', EXAMINED],
    ['audit, applicationId', `audit?applicationId=${applicationId}`, EXAMINED],
    ['audit, subject of old', `audit?subject=${subject}`, EXAMINED],
    ['audit, userId of old', `audit?userId=${userId}`, EXAMINED],
  ];
  const counts = [
    ['users', 'users/count'],
    ['users, status=active', 'users/count?status=active'],
    ['users, status=deactivated (200)', 'users/count?status=deactivated'],
    ['users, of a day', `users/count?createdAfter=${after}&createdBefore=${before}`],
    ['sessions', 'sessions/count'],
    ['sessions, userId', `sessions/count?userId=${userId}`],
    ['applications', 'applications/count'],
    ['applications, trust', 'applications/count?trust=third-party'],
    ['bots', 'bots/count'],
    ['bots, provider', 'bots/count?provider=openweb3'],
    ['bots, status', 'bots/count?status=compromised'],
  ];
  const middles = await middleCursors(client, new Cursors(product.KeyRing.parse(keys)));
  const asker = 'operator';
  const calls = [];
  for (const [name, path, mayRead = OF_A_PAGE] of lists)
    calls.push(
      ...(await pagesOfList(
        caller,
        { name, asker, path: `admin/${path}`, mayRead },
        (list) => middles[list],
      )),
    );
  for (const [name, path] of counts)
    calls.push({ name: `count of ${name}`, asker, path: `admin/${path}`, mayRead: OF_A_COUNT });
  return calls.map((call) => ({ ...call, isOfSameSize: !GROWING.test(call.path) }));
}

/** Of the large lists, since walking to their middle would take long. */
async function middleCursors(client, cursors) {
  const middles = {};
  for (const table of ['users', 'identities', 'sessions']) {
    const { rows } = await client.query(
      `SELECT id FROM ${table} ORDER BY id OFFSET (SELECT count(*) / 2 FROM ${table}) LIMIT 1`,
    );
    const page = { idOf: ({ id }) => id, toItem: () => null };
    middles[`admin/${table}`] = cursors.pageOf(table, { limit: 1 }, [rows[0], rows[0]], page).nextCursor;
  }
  return middles;
}
