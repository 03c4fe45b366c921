import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from '../../scripts/lib/main.mjs';
import { fillTeams, publish, SHOWN_FIELDS } from '../fills/teams.mjs';
import { print } from '../frame.mjs';
import {
  comparePages,
  explainPages,
  LIMIT,
  MAX_RATIO,
  OF_A_PAGE,
  pagesOfList,
  walkPages,
} from '../lists/pages.mjs';
import { Caller, signIn } from '../product/caller.mjs';
import { install } from '../product/installation.mjs';
import { median } from '../report/statistics.mjs';
import { ROWS, sealingFigures } from './sealing.mjs';

/** A page of everything, and as much again: the lists of the small installation have a full page, too. */
const LITTLE = { teams: 300, members: 120, perPerson: 110, invitations: 120 };
const SHARED_BUFFERS = Math.floor(totalmem() / 8 / 1024 ** 2);
const SETTINGS = {
  profileNeeds: SHOWN_FIELDS,
  rateLimits: { calls: { limit: 10_000_000, window: 60 } },
};
/** Rows of teams, or invitations, of one person or team, which have a limit of their own. */
const [OF_A_PERSON, OF_A_TEAM] = [1_000, 5_000];
/** The planner's own look at the catalogue, and sessions and applications, are not theirs. */
const OF_LISTS = /\b(teams|team_members|team_invitations|users|profiles)\b/;
/** Of the members, one in so many leaves and joins again during the walk; milliseconds between two changes. */
const [MOVING, PAUSE] = [50, 5];
const SEALING_ROUNDS = 11;

/** Lists of teams, members and invitations, for people, for applications and for operators. */
export async function listTeams({ teams, members, times, smoke, folder, bot, ending, check }) {
  const sizes = { teams, members, perPerson: 110, invitations: 5_000 };
  const small = await prepare({ sizes: LITTLE, folder: join(folder, 'small'), bot, ending });
  const large = await prepare({ sizes, folder: join(folder, 'large'), bot, ending });
  say('Measuring ...');
  const isSlow = ({ ratios }) => !smoke && Math.max(ratios.p50, ratios.p99) > MAX_RATIO;
  const compared = await comparePages([small, large], { times, check, isSlow });
  print(compared.text);
  say('Plans ...');
  // The tables of applications and bots have one row.
  const mayScan = (table) => smoke || /^(applications|bots)$/.test(table);
  const plans = await explainPages(large, { ofLists: OF_LISTS, mayScan });
  print(plans.text);
  say('Profiles ...');
  let opened = await openProfiles(large, folder, times);
  // Another program may have had the cores.
  if (opened.faults.length > 0 && !smoke) opened = await openProfiles(large, folder, 3 * times);
  print(opened.text);
  say('Walking ...');
  const walked = await walk(large, check);
  print(walked.text);
  return [...compared.faults, ...(smoke ? [] : [...plans.faults, ...opened.faults]), ...walked.faults];
}

async function prepare({ sizes, folder, bot, ending }) {
  const options = { folder, bot, ending, settings: SETTINGS, sharedBuffers: SHARED_BUFFERS };
  const installation = await install(options);
  const { applicationId, client, keys } = installation;
  const user = bot.newUser();
  const signInAt = (service) => signIn(service, applicationId, bot, user);
  const service = await installation.start({}, { hasAdmin: true });
  const { accessToken, userId: personId } = await signInAt(service);
  const caller = await Caller.of(service, installation, accessToken);
  say(`Making ${sizes.teams} teams, one of ${sizes.members} members ...`);
  const made = await fillTeams(client, sizes, { keys, applicationId, personId });
  await client.query('VACUUM (ANALYZE) team_invitations, teams');
  return { installation, caller, made, signIn: signInAt, calls: await callsOf(caller, made) };
}

/** Every list: first page, and a deep one where there is one. */
async function callsOf(caller, { applicationId, personId, teamId }) {
  const lists = [
    ['person', 'teams'],
    ['person', 'teams?name=team'],
    ['person', 'teams?name=rare'],
    ['person', `teams?createdBy=${personId}`],
    ['person', `teams?member=${personId}`, OF_A_PERSON],
    ['client', `teams?member=${personId}`, OF_A_PERSON],
    ['person', 'me/teams', OF_A_PERSON],
    ['person', `teams/${teamId}/members`],
    ['person', `teams/${teamId}/invitations`],
    ['person', `teams/${teamId}/invitations?status=open`, OF_A_TEAM],
    ['client', `users/${personId}/teams`, OF_A_PERSON],
    ['operator', 'admin/teams'],
    ['operator', 'admin/teams?state=active'],
    ['operator', 'admin/teams?state=deleted'],
    ['operator', `admin/teams?applicationId=${applicationId}`],
    ['operator', `admin/teams?applicationId=${applicationId}&name=team`],
    ['operator', `admin/teams?applicationId=${applicationId}&name=rare`],
    ['operator', `admin/teams?ownerId=${personId}`, OF_A_PERSON],
    ['operator', `admin/teams?memberId=${personId}`, OF_A_PERSON],
    ['operator', `admin/teams/${teamId}/members`],
    ['operator', `admin/users/${personId}/teams`, OF_A_PERSON],
    ['operator', 'admin/invitations'],
    ['operator', `admin/invitations?teamId=${teamId}`],
    ['operator', `admin/invitations?teamId=${teamId}&state=open`, OF_A_TEAM],
  ];
  const calls = [];
  for (const [asker, path, mayRead = OF_A_PAGE] of lists) {
    const shown = [applicationId, personId, teamId].reduce((text, id) => text.replace(id, 'id'), path);
    calls.push(...(await pagesOfList(caller, { name: `${asker}, ${shown}`, asker, path, mayRead })));
  }
  return calls;
}

/**
 * A page of members whose profiles are opened, beside the same page where the fields are public, and so in clear: the
 * difference is to stay below what sealing costs on this machine, for as many profiles.
 */
async function openProfiles({ caller, installation, made }, folder, times) {
  const { applicationId, teamId } = made;
  const { client } = installation;
  const path = `teams/${teamId}/members?limit=${LIMIT}`;
  const { items } = await caller.get('person', path);
  const userIds = items.map(({ userId }) => userId);
  const latencies = { sealed: [], public: [] };
  for (const isPublic of [false, true, false, true]) {
    await publish(client, applicationId, userIds, isPublic);
    const page = await caller.get('person', path);
    const shown = page.items.filter((item) => JSON.stringify(item).includes('Lovelace')).length;
    if (shown < LIMIT - 1) throw new Error(`${shown} profiles are shown`);
    for (let turn = 0; turn < times; turn += 1)
      latencies[isPublic ? 'public' : 'sealed'].push(await caller.time('person', path));
  }
  await publish(client, applicationId, userIds, false);
  const [clear, sealed] = await sealingFigures(folder, SEALING_ROUNDS);
  const expected = (((sealed.list - clear.list) / ROWS) * LIMIT) / 1_000;
  const [opened, inClear] = [median(latencies.sealed), median(latencies.public)];
  const cost = opened - inClear;
  const text =
    `A page of ${LIMIT} members with ${SHOWN_FIELDS.length} fields of their profiles: ${opened.toFixed(1)} ms where they are ` +
    `opened, ${inClear.toFixed(1)} ms where they are public: ${cost.toFixed(1)} ms for opening them. Sealing costs ` +
    `${expected.toFixed(1)} ms here for as many.`;
  return { text, faults: cost > expected ? [`opening profiles takes ${cost.toFixed(1)} ms`] : [] };
}

/** A walk through all members while some leave and join. */
function walk({ caller, installation, made }, check) {
  const { applicationId, personId, teamId, memberIds } = made;
  const { client } = installation;
  const moving = memberIds.filter((_, index) => index % MOVING === 0);
  const change = async (turn) => {
    const id = moving[Math.floor(turn / 2) % moving.length];
    if (turn % 2 === 0)
      await client.query('DELETE FROM team_members WHERE team_id = $1 AND user_id = $2', [teamId, id]);
    else
      await client.query(
        `INSERT INTO team_members (team_id, user_id, application_id, role, joined_at) VALUES ($1, $2, $3, 'viewer', now())`,
        [teamId, id, applicationId],
      );
    await wait(PAUSE);
  };
  const movers = new Set(moving);
  const staying = new Set([personId, ...memberIds].filter((id) => !movers.has(id)));
  return walkPages({ caller, asker: 'person', path: `teams/${teamId}/members`, staying, change, check });
}
