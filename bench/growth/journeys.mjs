import { personOf } from '../fills/people-rows.mjs';
import { EXPLAINING, indexesOf, mostPages, plansOf } from '../machine/plans.mjs';
import { basic, bearer, call } from '../product/caller.mjs';
import { withServices } from '../../scripts/lib/services.mjs';
import { tableOf } from '../report/table.mjs';

const SIGN_IN = '/v1/auth/telegram/init-data';
/** So few connections that each one prepares a statement and comes to its generic plan. */
const CONNECTIONS = '2';

/** Rows of a table that may be read from its beginning to its end: fewer than fit on some hundred pages. */
const SMALL = 1_000;
/** Rows read for each one that the statement answers: a statement for a good part of a table may well read all of it. */
const MAX_READ = 100;
/** Rows that an index finds and a further condition drops. */
const MAX_DROPPED = 1_000;

const sessionOf = (member, ...kinds) => member.sessions.find(({ kind }) => kinds.includes(kind));
/** Of a session that is shown the profile: those of a bot's token alone are not. */
const presentOf = ({ sessions }) =>
  sessions.find(({ kind, assurance }) => kind === 'present' && assurance === 'platform');
const tokenOf = (member) => presentOf(member)?.accessToken;
const isPresent = (member) => tokenOf(member) !== undefined;
const isLive = ({ kind }) => kind === 'present' || kind === 'resting';

/** Generated people do everything, while PostgreSQL logs its plans: all go by indexes. */
export async function watchJourneys({ installation, reserved, bot, options, check }) {
  const { postgres, client, filled } = installation;
  const watched = [];
  const queue = [...reserved];
  const take = (isFit = () => true) => {
    const index = queue.findIndex(isFit);
    if (index === -1) throw new Error('there are too few people in the sample');
    return queue.splice(index, 1)[0];
  };
  const watch = async (name, work) => {
    check();
    watched.push({ name, plans: await plansOf(postgres, work) });
  };
  const env = { PGOPTIONS: EXPLAINING };
  const service = await installation.start({ ...env, DATABASE_POOL_SIZE: CONNECTIONS });
  const own = { ...installation, env: { ...installation.env, ...env } };
  for (const { name, go, canGo, times = options.sample, isAtOnce = false } of journeys(own, service, bot)) {
    const turns = Array.from({ length: times }, () => [take(canGo), take()]);
    await watch(name, async () => {
      if (isAtOnce) await Promise.all(turns.map((turn) => go(...turn)));
      else for (const turn of turns) await go(...turn);
    });
  }
  await watch('slides, written when the service stops', () => service.stop());
  // Some of their sessions have ended here.
  const ids = new Set(reserved.map(({ userId }) => userId));
  filled.present = filled.present.filter(({ userId }) => !ids.has(userId));
  const { text, faults } = await judgePlans(client, watched);
  const verdict = {
    what: 'plans of every operation',
    wanted: 'by indexes',
    measured: faults.length === 0 ? 'all of them' : `${faults.length} are not`,
    isReached: faults.length === 0,
  };
  return { text, faults, verdicts: [verdict] };
}

/** @returns what does not go by an index */
export async function judgePlans(client, watched) {
  const { rows } = await client.query(
    `SELECT relname AS name FROM pg_class
     WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND reltuples >= $1`,
    [SMALL],
  );
  const big = new Set(rows.map(({ name }) => name));
  const judged = watched.map(({ name, plans }) => {
    const faults = plans.flatMap((plan) =>
      faultsOf(plan, big).map((fault) => `${name} ${fault}: ${plan.text}`),
    );
    return { name, plans, faults: [...new Set(faults)] };
  });
  const text = tableOf(judged, {
    operation: ({ name }) => name,
    ' statements': ({ plans }) => new Set(plans.map((plan) => plan.text)).size,
    ' plans': ({ plans }) => plans.length,
    ' most pages': ({ plans }) => mostPages(plans),
    indexes: ({ plans }) => indexesOf(plans).join(', '),
    'goes by': ({ faults }) => (faults.length === 0 ? 'indexes' : `**${faults.length} fault(s)**`),
  });
  return { text, faults: judged.flatMap(({ faults }) => faults) };
}

function faultsOf({ root, nodes }, big) {
  const answered = Math.max(1, root['Actual Rows'] ?? 0);
  return nodes.flatMap((node) => {
    const relation = node['Relation Name'];
    const loops = node['Actual Loops'] ?? 1;
    const dropped = (node['Rows Removed by Filter'] ?? 0) * loops;
    const read = (node['Actual Rows'] ?? 0) * loops + dropped;
    if (node['Node Type'] === 'Seq Scan' && big.has(relation) && read > MAX_READ * answered)
      return [`reads all of ${relation}`];
    return relation && dropped > MAX_DROPPED ? [`drops ${dropped} rows of ${relation}`] : [];
  });
}

/**
 * @typedef {import('../fills/people.mjs').Made} Made
 * @returns {{ name: string, go: (member: Made, other: Made) => Promise<unknown>, canGo?: (member: Made) => boolean, times?: number,
 *   isAtOnce?: boolean }[]} each is done once by each of a sample, or `times`; at the same time to share transactions
 */
function journeys({ applicationId, clientSecret, env }, service, bot) {
  const ask = (method, path, { accessToken, initData, grant, headers, body, form } = {}, expected = 200) =>
    call(method, `${service.origin}${path}`, {
      headers: {
        ...headers,
        ...(accessToken && bearer(accessToken)),
        ...(initData && { authorization: `tma ${initData}`, 'x-countersign-application': applicationId }),
        ...(grant && { 'x-step-up-grant': grant }),
      },
      ...{ body, form, expected },
    });
  const check = async (accessToken) => {
    const url = `${service.gatewayOrigin}/v1/gateway/authorize`;
    const answer = await fetch(url, { headers: bearer(accessToken) });
    await answer.arrayBuffer();
    return answer.headers.get('x-user-id');
  };
  const signIn = (initData) => ask('POST', SIGN_IN, { body: { applicationId, initData } });
  const launchOf = ({ index }) => bot.launchOf(personOf(index));
  const returningLogin = async (member) => {
    const initData = launchOf(member);
    const answer = await signIn(initData);
    insist(answer.userId === member.userId && !answer.isNewUser, `${member.userId} was not recognized`);
    return { ...answer, initData };
  };
  const firstLogin = async () =>
    insist((await signIn(bot.launchOf(bot.newUser()))).isNewUser, 'the new user was known');
  const logout = (member) => ask('POST', '/v1/auth/logout', { accessToken: tokenOf(member) }, 204);
  const launchWith = (user, startParam) => signIn(bot.launchOf(user, startParam));
  const personOfMember = ({ index }) => personOf(index);
  /** The session of a launch that is stepped up for the act, and its grant. */
  const stepUp = async (member, act) => {
    const { accessToken } = await returningLogin(member);
    const { code } = await ask('POST', '/v1/me/step-up/requests', { accessToken, body: { act } }, 201);
    const launched = await launchWith(personOfMember(member), `s_${code}`);
    return { accessToken: launched.accessToken, grant: launched.stepUp.grant };
  };
  const join = async (member, user) => {
    const asked = await ask('POST', '/v1/me/joins', await stepUp(member, 'account.join'), 201);
    const { accessToken, join } = await launchWith(user, `j_${asked.code}`);
    const { grant } = join;
    const body = { number: asked.number };
    return ask('POST', `/v1/joins/${asked.code}/accept`, { accessToken, grant, body });
  };

  return [
    {
      name: 'gateway check, session not in memory',
      canGo: isPresent,
      go: async (member) =>
        insist((await check(tokenOf(member))) === member.userId, 'the check names another user'),
    },
    {
      name: 'GET /v1/me',
      canGo: isPresent,
      go: async (member) => {
        const me = JSON.stringify(await ask('GET', '/v1/me', { accessToken: tokenOf(member) }));
        const { username } = personOf(member.index);
        insist(me.includes(member.userId) && me.includes(username), 'GET /v1/me is of another user');
      },
    },
    {
      name: 'list own sessions',
      canGo: isPresent,
      go: async (member) => {
        const { items } = await ask('GET', '/v1/me/sessions', { accessToken: tokenOf(member) });
        const expected = member.sessions.filter(isLive).map(({ sessionId }) => sessionId);
        const listed = items.map(({ sessionId }) => sessionId);
        insist(sameIds(expected, listed), `${member.userId} sees other sessions than were made`);
      },
    },
    {
      name: 'introspection, session not in memory',
      canGo: isPresent,
      go: async (member) => {
        const headers = basic(applicationId, clientSecret);
        const form = { token: tokenOf(member) };
        const { active } = await ask('POST', '/v1/oauth/introspect', { headers, form });
        insist(active === true, 'introspection says that the token is not active');
      },
    },
    {
      name: 'refresh, and the same once more',
      canGo: (member) => Boolean(sessionOf(member, 'resting', 'present')),
      go: async (member) => {
        const session = sessionOf(member, 'resting', 'present');
        const body = { refreshToken: session.refreshToken };
        const answer = await ask('POST', '/v1/auth/refresh', { body });
        const again = await ask('POST', '/v1/auth/refresh', { body });
        insist(answer.sessionId === session.sessionId, 'the refresh answers another session');
        insist(again.accessToken === answer.accessToken, 'the repeated refresh answers another pair');
      },
    },
    {
      name: 'refreshes at the same time',
      isAtOnce: true,
      canGo: (member) => Boolean(sessionOf(member, 'resting', 'present')),
      go: async (member) => {
        const { sessionId, refreshToken } = sessionOf(member, 'resting', 'present');
        const answer = await ask('POST', '/v1/auth/refresh', { body: { refreshToken } });
        insist(answer.sessionId === sessionId, 'the refresh answers another session');
      },
    },
    { name: 'returning login', go: returningLogin },
    { name: 'returning logins at the same time', isAtOnce: true, go: returningLogin },
    {
      name: 'same proof again: repeated',
      go: async (member) => {
        const { initData, sessionId } = await returningLogin(member);
        insist((await signIn(initData)).sessionId === sessionId, 'the proof opened another session');
      },
    },
    { name: 'first login', go: firstLogin },
    { name: 'first logins at the same time', isAtOnce: true, go: firstLogin },
    {
      name: 'GET /v1/me with init data',
      go: async (member) => {
        const me = JSON.stringify(await ask('GET', '/v1/me', { initData: launchOf(member) }));
        insist(me.includes(member.userId), 'the init data is of another user');
      },
    },
    {
      name: 'step-up, joining a new user, unlinking',
      go: async (member) => {
        await join(member, bot.newUser());
        const unlinking = await stepUp(member, 'account.unlink');
        const { items } = await ask('GET', '/v1/me/identities', unlinking);
        // It came a moment ago, so it leaves days later.
        await ask('DELETE', `/v1/me/identities/${items.at(-1).identityId}`, unlinking, 202);
      },
    },
    {
      name: 'merging two accounts',
      go: async (member, other) => {
        const merged = await join(member, personOfMember(other));
        insist(merged.mergedUserId === other.userId, 'another account was merged');
      },
    },
    {
      name: 'end one session',
      go: async (member) => {
        const { accessToken } = await returningLogin(member);
        const { sessionId } = await returningLogin(member);
        await ask('DELETE', `/v1/me/sessions/${sessionId}`, { accessToken }, 204);
      },
    },
    { name: 'logout', canGo: isPresent, go: logout },
    { name: 'logouts at the same time', isAtOnce: true, canGo: isPresent, go: logout },
    {
      name: 'end all sessions',
      go: async (member) => {
        const { accessToken } = await returningLogin(member);
        await ask('DELETE', '/v1/me/sessions?all=true', { accessToken }, 204);
      },
    },
    {
      name: 'an operator revokes a session, and all of a person',
      times: 1,
      canGo: isPresent,
      go: async (member) => {
        await withServices(env, async (get) => {
          const accounts = get('identity/account', 'AccountService');
          await accounts.revoke({ sessionId: presentOf(member).sessionId });
          await accounts.revoke({ userId: member.userId });
        });
      },
    },
    {
      name: 'an operator deactivates a person',
      times: 1,
      go: async ({ userId }) => {
        await withServices(env, (get) =>
          get('identity/account', 'UserActs').setStatus(userId, 'deactivated'),
        );
      },
    },
  ];
}

function sameIds(one, other) {
  return [...one].sort().join() === [...other].sort().join();
}

function insist(isTrue, message) {
  if (!isTrue) throw new Error(message);
}
