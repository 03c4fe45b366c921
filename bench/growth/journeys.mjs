import { runCli } from '../product/service.mjs';
import { Asking, insist } from './asking.mjs';
import { personOf } from './rows.mjs';

const SIGN_IN = '/v1/auth/telegram/init-data';

/**
 * Something that generated people do, once each, and what is wrong when it fails.
 *
 * @typedef {object} Journey
 * @property {string} name
 * @property {(member: import('./fill.mjs').Made, other: import('./fill.mjs').Made) => Promise<void>} go
 * @property {(member: import('./fill.mjs').Made) => boolean} [canGo]
 * @property {number} [times] instead of the sample's size
 * @property {boolean} [isAtOnce] all of them at the same time, so that they share transactions
 */

const sessionOf = (member, ...kinds) => member.sessions.find(({ kind }) => kinds.includes(kind));
const tokenOf = (member) => sessionOf(member, 'present')?.accessToken;
const isPresent = (member) => tokenOf(member) !== undefined;
const isLive = ({ kind }) => kind === 'present' || kind === 'resting';

/**
 * @param {object} installation of `install`
 * @param {import('../product/service.mjs').Service} service
 * @param {import('../product/telegram-bot.mjs').TelegramBot} bot
 * @returns {Journey[]}
 */
export function journeys({ applicationId, clientSecret, env }, service, bot) {
  const asking = new Asking(service);
  const ask = asking.ask.bind(asking);
  const signIn = (initData) => ask('POST', SIGN_IN, { body: { applicationId, initData } });
  const launchOf = ({ index }) => bot.launchOf(personOf(index));
  const comeBack = async (member) => {
    const initData = launchOf(member);
    const answer = await signIn(initData);
    insist(answer.userId === member.userId && !answer.isNewUser, `${member.userId} was not recognized`);
    return { ...answer, initData };
  };
  const arrive = async () =>
    insist((await signIn(bot.launchOf(bot.newUser()))).isNewUser, 'the new user was known');
  const leave = (member) => ask('POST', '/v1/auth/logout', { accessToken: tokenOf(member) }, 204);
  const launchWith = (user, startParam) => signIn(bot.launchOf(user, startParam));
  const personOfMember = ({ index }) => personOf(index);
  /** The session of a launch that is stepped up for the act, and its grant. */
  const stepUp = async (member, act) => {
    const { accessToken } = await comeBack(member);
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
        insist((await asking.check(tokenOf(member))) === member.userId, 'the check names somebody else'),
    },
    {
      name: 'GET /v1/me',
      canGo: isPresent,
      go: async (member) => {
        const told = JSON.stringify(await ask('GET', '/v1/me', { accessToken: tokenOf(member) }));
        const { username } = personOf(member.index);
        insist(told.includes(member.userId) && told.includes(username), 'GET /v1/me tells of somebody else');
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
        const basic = [applicationId, clientSecret];
        const form = { token: tokenOf(member) };
        const { active } = await ask('POST', '/v1/oauth/introspect', { basic, form });
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
    { name: 'returning login', go: comeBack },
    { name: 'returning logins at the same time', isAtOnce: true, go: comeBack },
    {
      name: 'same proof again: repeated',
      go: async (member) => {
        const { initData, sessionId } = await comeBack(member);
        insist((await signIn(initData)).sessionId === sessionId, 'the proof opened another session');
      },
    },
    { name: 'first login', go: arrive },
    { name: 'first logins at the same time', isAtOnce: true, go: arrive },
    {
      name: 'GET /v1/me with init data',
      go: async (member) => {
        const told = JSON.stringify(
          await ask('GET', '/v1/me', { applicationId, initData: launchOf(member) }),
        );
        insist(told.includes(member.userId), 'the init data stands for somebody else');
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
        const { accessToken } = await comeBack(member);
        const { sessionId } = await comeBack(member);
        await ask('DELETE', `/v1/me/sessions/${sessionId}`, { accessToken }, 204);
      },
    },
    { name: 'logout', canGo: isPresent, go: leave },
    { name: 'logouts at the same time', isAtOnce: true, canGo: isPresent, go: leave },
    {
      name: 'end all sessions',
      go: async (member) => {
        const { accessToken } = await comeBack(member);
        await ask('DELETE', '/v1/me/sessions?all=true', { accessToken }, 204);
      },
    },
    {
      name: 'an operator revokes a session, and all of a person',
      times: 1,
      canGo: isPresent,
      go: async (member) => {
        await runCli(['session', 'revoke', '--session', sessionOf(member, 'present').sessionId], env);
        await runCli(['session', 'revoke', '--user', member.userId], env);
      },
    },
    {
      name: 'an operator deactivates a person',
      times: 1,
      go: async ({ userId }) => {
        await runCli(['user', 'set', '--user', userId, '--status', 'deactivated'], env);
      },
    },
  ];
}

function sameIds(one, other) {
  return [...one].sort().join() === [...other].sort().join();
}

/** Gives everybody out once. */
export class Queue {
  #members;

  /** @param {import('./fill.mjs').Made[]} members */
  constructor(members) {
    this.#members = [...members];
  }

  /** @param {(member: import('./fill.mjs').Made) => boolean} isFit */
  next(isFit = () => true) {
    const place = this.#members.findIndex(isFit);
    if (place === -1) throw new Error('there are too few people in the sample');
    const [member] = this.#members.splice(place, 1);
    return member;
  }
}
