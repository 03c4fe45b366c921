import { v7 as uuidv7 } from 'uuid';
import { aPerson, countBy, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { aLenientGame, postByHash, signInByHash } from '../support/lenient-game';
import type { Demo } from '../support/test-app';
import { until } from '../support/until';
import { useReplica, useTestApp } from '../support/use-test-app';

const PLACE = { provider: 'telegram', environment: 'production' } as const;
const DAY_MS = 24 * 3_600_000;

/** More than one step looks at, and no multiple of it. */
const MANY = 2_222;

const app = useTestApp();
const replica = useReplica(app);

/** Sessions like this one, opened one after the other until now. @returns their ids */
async function copiesOf({ sessionId }: SignInBody, count: number, apart = 1): Promise<string[]> {
  const start = app.clock.now().getTime() - count * apart;
  const instants = times(count, (index) => start + index * apart);
  const ids = instants.map((msecs) => uuidv7({ msecs }));
  await app.database.query(
    `INSERT INTO sessions SELECT (copy).* FROM (
       SELECT jsonb_populate_record(s, jsonb_build_object('id', other.id, 'created_at', opened_at)) AS copy
       FROM sessions s, unnest($2::uuid[], $3::timestamptz[]) AS other (id, opened_at) WHERE s.id = $1) AS copies`,
    [sessionId, ids, instants.map((instant) => new Date(instant))],
  );
  return ids;
}

async function liveOf({ applicationId }: Pick<Demo, 'applicationId'>): Promise<string[]> {
  const found = await app.database.query<{ id: string }>(
    'SELECT id FROM sessions WHERE application_id = $1 AND ended_at IS NULL ORDER BY id',
    [applicationId],
  );
  return found.map(({ id }) => id);
}

async function countWaiting(): Promise<number> {
  const waiting = await app.database.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return waiting.length;
}

describe('the end of very many sessions', () => {
  it('comes to each of a bot since an instant, with a record, and on every replica', async () => {
    const game = await aLenientGame(app);
    const session = await signInByHash(app, game);
    const ids = await copiesOf(session, MANY, 1_000);
    const since = new Date(app.clock.now().getTime() - 2_000 * 1_000);
    const earlier = ids.slice(0, MANY - 2_000);

    expect((await replica.getMe(session.accessToken)).status).toBe(200);

    expect(await app.accounts.revokeLeaked({ bot: { ...PLACE, botId: game.botId }, since })).toEqual({
      endedSessions: 2_001,
    });

    await until(async () => (await replica.getMe(session.accessToken)).status === 401);
    expect(await liveOf(game)).toEqual(earlier.sort());
    const records = await app.database.query<{ subject: string }>(
      `SELECT subject FROM audit_records
       WHERE action = 'session.ended' AND actor = 'operator' AND details = '{"reason": "revoked"}'
         AND subject = ANY($1::text[])`,
      [[...ids, session.sessionId]],
    );
    expect(records).toHaveLength(2_001);
    expect(new Set(records.map(({ subject }) => subject)).size).toBe(2_001);
  });

  it('comes to one whose id was made before the instant at which it was opened', async () => {
    const game = await aLenientGame(app);
    const { sessionId } = await signInByHash(app, game);
    const openedAt = app.clock.now();
    await app.database.query('UPDATE sessions SET id = $2 WHERE id = $1', [
      sessionId,
      uuidv7({ msecs: openedAt.getTime() - DAY_MS + 1_000 }),
    ]);

    expect(
      await app.accounts.revokeLeaked({ bot: { ...PLACE, botId: game.botId }, since: openedAt }),
    ).toEqual({
      endedSessions: 1,
    });
  });

  it('lets nobody wait for all of it', async () => {
    const game = await aLenientGame(app);
    const session = await signInByHash(app, game);
    const ids = await copiesOf(session, MANY);
    const last = ids.at(-1) ?? '';
    const held = await app.database.hold(`SELECT 1 FROM sessions WHERE id = '${last}' FOR UPDATE`);

    const revoking = app.accounts.revokeLeaked({ bot: { ...PLACE, botId: game.botId }, since: new Date(0) });
    await until(async () => (await liveOf(game)).length < MANY / 2);
    const whileItWaits = await liveOf(game);
    await held.commit();

    expect(whileItWaits).toContain(last);
    expect(await revoking).toEqual({ endedSessions: MANY + 1 });
    expect(await liveOf(game)).toEqual([]);
  });
});

describe('a bot is compromised, then its sessions are revoked, while people sign in', () => {
  it('so that none is left, at whichever moment they came', async () => {
    const game = await aLenientGame(app);
    const session = await signInByHash(app, game);
    await copiesOf(session, MANY);

    const answers: number[] = [];
    let isOver = false;
    const people = times(16, async (index) => {
      while (!isOver) answers.push((await postByHash(index % 2 === 0 ? app : replica, game)).status);
    });
    await until(() => answers.length > 40);
    await app.bots.change({ ...PLACE, botId: game.botId }, { status: 'compromised' });
    await app.accounts.revokeLeaked({ bot: { ...PLACE, botId: game.botId }, since: new Date(0) });
    const left = await liveOf(game);
    isOver = true;
    await Promise.all(people);
    expect(left).toEqual([]);
    const statuses = countBy(answers, (status) => status);

    expect(statuses).toMatchObject({ 200: expect.any(Number) as number, 403: expect.any(Number) as number });
    expect(statuses).not.toHaveProperty('500');
    expect(await liveOf(game)).toEqual([]);
  });

  it('so that a sign-in which waits for another’s lock in the middle opens none', async () => {
    const game = await aLenientGame(app);
    const person = aPerson();
    // Ten by Telegram's signature, which an operator who distrusts the token leaves alone: another one ends the oldest.
    const [oldest] = await Promise.all(times(10, () => app.signIn(game, person, { botId: game.botId })));
    const held = await app.database.hold(
      `SELECT 1 FROM sessions WHERE id = (SELECT min(id::text)::uuid FROM sessions WHERE user_id = '${oldest?.userId}') FOR UPDATE`,
    );
    const underWay = postByHash(app, game, person).then((answer) => answer);
    await until(() => app.isWaitingFor('WITH'));

    await app.bots.change({ ...PLACE, botId: game.botId }, { status: 'compromised' });
    await app.accounts.revokeLeaked({ bot: { ...PLACE, botId: game.botId }, since: new Date(0) });
    await held.commit();

    expectProblem(await underWay, 403, 'bot.compromised');
    expect(await liveOf(game)).toHaveLength(10);
  });
});

describe('the sessions of a bot are revoked while somebody’s is being opened', () => {
  it('so that it ends too', async () => {
    const game = await aLenientGame(app);
    const held = await app.database.hold('LOCK TABLE audit_records IN EXCLUSIVE MODE');
    const underWay = postByHash(app, game).then((answer) => answer);
    await until(async () => (await countWaiting()) === 1);

    const revoking = app.accounts.revokeLeaked({ bot: { ...PLACE, botId: game.botId }, since: new Date(0) });
    await Promise.race([revoking, until(async () => (await countWaiting()) === 2)]);
    await held.commit();

    expect((await underWay).status).toBe(200);
    expect(await revoking).toEqual({ endedSessions: 1 });
    expect(await liveOf(game)).toEqual([]);
  });
});
