import { mkdirSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { say } from '../../scripts/lib/main.mjs';
import { install } from '../growth/installation.mjs';
import { Postgres } from '../machine/postgres.mjs';
import { built } from '../product/built.mjs';
import { runCli, startService } from '../product/service.mjs';
import { Caller, post } from './caller.mjs';
import { fill, SHOWN_FIELDS } from './fill.mjs';

const { freePort } = built('tools/private-postgres/src');

const DATABASE = 'teams';
const SHARED_BUFFERS = Math.floor(totalmem() / 8 / 1024 ** 2);
const SETTINGS = {
  profileNeeds: SHOWN_FIELDS,
  teams: { maxMembers: 100_000, maxTeamsPerPerson: 1_000 },
  rateLimits: { read: { limit: 10_000_000, window: 60 } },
};
/** Invitations that are addressed to the person: more than a page. */
const ADDRESSED = 60;
/** As often as one team can invite one recipient. */
const PER_TEAM = 20;

/**
 * An installation with teams, its service, and who asks it.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {import('./fill.mjs').Sizes} options.sizes
 * @param {string} options.folder
 * @param {import('../product/telegram-bot.mjs').TelegramBot} options.bot
 * @param {import('../machine/ending.mjs').Ending} options.ending
 */
export async function settle({ name, sizes, folder, bot, ending }) {
  const own = join(folder, name);
  mkdirSync(own);
  const postgres = await Postgres.start(join(own, 'postgres'), { sharedBuffers: SHARED_BUFFERS });
  ending.before(() => postgres.stop());
  await postgres.createDatabase(DATABASE);
  const databaseUrl = postgres.urlOf(DATABASE);
  const { env, keys, applicationId, clientSecret } = await install({ databaseUrl, folder: own, bot });
  const set = (settings) =>
    runCli(
      ['application', 'set', '--application', applicationId, '--settings-stdin'],
      env,
      JSON.stringify(settings),
    );
  await set(SETTINGS);
  const principal = await runCli(
    ['principal', 'create', '--name', 'bench', '--kind', 'machine', '--all-scopes'],
    env,
  );
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  ending.before(() => client.end());

  const start = async (more = {}) => {
    const adminPort = await freePort();
    const service = await startService({ ...env, ...more, ADMIN_PORT: String(adminPort) });
    return { ...service, adminOrigin: `http://127.0.0.1:${adminPort}` };
  };
  const user = bot.newUser();
  const callerOf = async (service) => {
    const signedIn = await signIn(service, applicationId, bot, user);
    const { accessToken } = signedIn;
    const adminToken = await tokenOf(service.adminOrigin, principal);
    return {
      caller: new Caller(service, { accessToken, applicationId, clientSecret, adminToken }),
      personId: signedIn.userId,
    };
  };
  const service = await start();
  ending.before(() => service.stop());
  const { caller, personId } = await callerOf(service);
  say(`Making ${sizes.teams} teams, one of ${sizes.members} members ...`);
  const made = await fill(client, sizes, { keys, applicationId, personId });
  await invite(service, { applicationId, bot, client, made, user });
  return { name, postgres, client, caller, made, start, callerOf };
}

/** Owners of other teams invite the person by their id, each team as often as it can. */
async function invite(service, { applicationId, bot, client, made, user }) {
  for (let invited = 0; invited < ADDRESSED; invited += PER_TEAM) {
    const inviter = await signIn(service, applicationId, bot, bot.newUser());
    const headers = { authorization: `Bearer ${inviter.accessToken}` };
    const { teamId } = await post(`${service.origin}/v1/teams`, { name: `Inviting ${invited}` }, headers);
    for (let index = 0; index < Math.min(PER_TEAM, ADDRESSED - invited); index += 1)
      await post(
        `${service.origin}/v1/teams/${teamId}/invitations`,
        { role: 'viewer', recipient: { telegramUserId: String(user.id) } },
        headers,
      );
  }
  await client.query('VACUUM (ANALYZE) team_invitations, invitation_recipients, teams');
  return made;
}

/** A session of a person. */
export async function signIn(service, applicationId, bot, user) {
  return post(`${service.origin}/v1/auth/telegram/init-data`, {
    applicationId,
    initData: bot.launchOf(user),
  });
}

async function tokenOf(adminOrigin, { principalId, clientSecret }) {
  const authorization = `Basic ${Buffer.from(`${principalId}:${clientSecret}`).toString('base64')}`;
  const answer = await post(`${adminOrigin}/v1/admin/token`, 'grant_type=client_credentials', {
    authorization,
  });
  return answer.access_token;
}
