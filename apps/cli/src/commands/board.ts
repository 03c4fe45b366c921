import { choose, ifGiven, reasonOf, uuid, uuidOption, type Call } from '../call';
import { command, group, needed, oneOf, readUpTo, type Takes } from '../declaration';
import { UsageError } from '../errors';
import { limit, reason } from '../options';
import { betterScores, boardCalendars, boardRules } from '../words';

const one: Takes = { '<boardId>': 'the leaderboard' };
const none = 'None';
const ofSeason: Takes = {
  '--season <seasonId>': 'only those of this season',
  '--user <userId>': 'only those of this account',
};

export const board = group('board', 'leaderboards of applications', {
  list: command('list leaderboards, newest first', {
    '--application <applicationId>': 'only those of this application',
    ...limit,
  }).list({
    read: async (call, app, { leaderboards }) => {
      const directory = app.get(leaderboards.BoardDirectory);
      const applicationId = ifGiven(call, 'application', uuid);
      const found = await readUpTo(call, (keyset) => directory.list(applicationId, keyset), 'id');
      return found.map((row) => leaderboards.AdminBoardResponse.of(row));
    },
    columns: {
      board: 'boardId',
      application: 'applicationId',
      rule: 'rule',
      better: 'better',
      seasons: 'calendar',
      name: 'name',
    },
    none,
  }),
  show: command('show a leaderboard', one).show(async (call, app, { leaderboards }) =>
    leaderboards.AdminBoardResponse.of(await app.get(leaderboards.BoardDirectory).get(idOf(call))),
  ),
  create: command('create a leaderboard with its first season', {
    '--application <applicationId>': needed('the application'),
    '--name <name>': needed('what it is called'),
    '--rule <rule>': oneOf(boardRules, 'which score of a person counts', { default: 'best' }),
    '--better <which>': oneOf(betterScores, 'which score is in front', { default: 'higher' }),
    '--calendar <calendar>': oneOf(boardCalendars, 'when seasons end', { default: 'by-hand' }),
    '--unverified': 'pages send its scores, too, so that everyone can send any',
  }).show(async (call, app, { http, leaderboards }) => {
    const wanted = http.readInput(leaderboards.CreateBoardRequest, {
      applicationId: uuidOption(call, 'application'),
      name: call.required('name'),
      rule: choose('rule', call.required('rule'), boardRules),
      better: choose('better', call.required('better'), betterScores),
      calendar: choose('calendar', call.required('calendar'), boardCalendars),
      isUnverified: call.has('unverified'),
    });
    return leaderboards.AdminBoardResponse.of(await app.get(leaderboards.BoardOperations).create(wanted));
  }),
  set: command('change the name of a leaderboard', {
    ...one,
    '--name <name>': needed('another name'),
  }).show(async (call, app, { http, leaderboards }) => {
    const change = http.readInput(leaderboards.BoardPatch, { name: call.required('name') });
    return leaderboards.AdminBoardResponse.of(
      await app.get(leaderboards.BoardOperations).change(idOf(call), change),
    );
  }),
  seasons: command('list the seasons of a leaderboard, newest first', { ...one, ...limit }).list({
    read: async (call, app, { leaderboards }) => {
      const directory = app.get(leaderboards.BoardDirectory);
      const found = await readUpTo(call, (keyset) => directory.listSeasons(idOf(call), keyset), 'id');
      return found.map((row) => leaderboards.SeasonResponse.of(row));
    },
    columns: {
      season: 'seasonId',
      number: 'number',
      from: 'startsAt',
      until: 'endsAt',
      closed: 'closedAt',
    },
    none,
  }),
  'close-season': command('close a season by hand, and begin the next one', {
    ...one,
    '--season <seasonId>': needed('the season'),
    ...reason,
  }).act(async (call, app, { leaderboards }) => {
    const seasonId = uuidOption(call, 'season');
    const closed = await app.get(leaderboards.BoardSeasons).closeByHand(idOf(call), seasonId, reasonOf(call));
    return { json: leaderboards.SeasonResponse.of(closed), text: `Season ${seasonId} is closed` };
  }),
  scores: command('list scores of a season, the current one by default, newest first', {
    ...one,
    ...ofSeason,
    ...limit,
  }).list({
    read: async (call, app, { http, leaderboards }) => {
      const directory = app.get(leaderboards.BoardDirectory);
      const found = await readUpTo(
        call,
        (keyset) => directory.listScores(idOf(call), filterOf(call), keyset),
        (row) => http.idOfSequence(row.sequence),
      );
      return found.map((row) => leaderboards.AdminScoreResponse.of(row));
    },
    columns: {
      score: 'id',
      user: 'userId',
      sent: 'sentScore',
      counts: ({ score }) => (score === null ? 'withdrawn' : String(score)),
      at: 'acceptedAt',
      reason: 'correctionReason',
    },
    none,
  }),
  'correct-score': command('correct a score, or withdraw it: --score or --withdraw', {
    ...one,
    '--id <scoreId>': needed('the score, by the id that it was sent with'),
    '--score <score>': 'what counts instead; a negative one as --score=-7',
    '--withdraw': 'nothing of it counts',
    ...reason,
  }).show(async (call, app, { http, leaderboards }) => {
    if (call.has('score') === call.has('withdraw')) throw new UsageError('Pass --score or --withdraw.');
    const wanted = { score: numberIfGiven(call, 'score') ?? null, reason: reasonOf(call) };
    const correction = http.readInput(leaderboards.CorrectScoreRequest, wanted);
    const name = { boardId: idOf(call), id: call.required('id') };
    return leaderboards.AdminScoreResponse.of(
      await app.get(leaderboards.ScoreCorrections).correct(name, correction),
    );
  }),
});

function idOf(call: Call): string {
  return uuid('board', call.argument);
}

function filterOf(call: Call) {
  return { seasonId: ifGiven(call, 'season', uuid), userId: ifGiven(call, 'user', uuid) };
}

/** @throws UsageError for what is no whole number */
function numberIfGiven(call: Call, name: string): number | undefined {
  return ifGiven(call, name, (_, text) => {
    if (!/^-?\d{1,16}$/.test(text)) throw new UsageError(`--${name} must be a whole number.`);
    return Number(text);
  });
}
