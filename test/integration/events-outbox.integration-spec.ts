import { AuditService, Outbox } from '@countersign/audit';
import { DAY, SECOND } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { aPerson, times, type SignInBody } from '../factories';
import { signInPerson } from '../support/person-session';
import { statementsOf } from '../support/statement-count';
import { eventsOf, subscribe, unsubscribe, type StoredEvent } from '../support/told-events';
import { useApplication, useTestApp } from '../support/use-test-app';
import { addEndpoint } from '../support/webhooks';
import { teamEvents } from '@countersign/teams';

const TEAM = '0190b000-0000-7000-8000-000000000003';
const MAX_SESSIONS = 10;

describe('the outbox', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  afterEach(() => unsubscribe(app.database));

  const logOut = ({ accessToken }: SignInBody) =>
    app.http.post('/v1/auth/logout').set('authorization', `Bearer ${accessToken}`).expect(204);

  /** A first and a returning sign-in, a change of the profile, and the ends of sessions. */
  async function act(): Promise<string> {
    const session = await signInPerson(app, demo);
    await logOut(await app.signIn(demo, session.person));
    expect((await session.patch('/v1/me/profile', { displayName: 'Ada' })).status).toBe(200);
    expect((await session.delete('/v1/me/sessions?all=true')).status).toBe(204);
    return session.userId;
  }

  async function toldBy(work: () => Promise<unknown>): Promise<readonly StoredEvent[]> {
    const known = await eventsOf(app.database);
    await work();
    return (await eventsOf(app.database)).slice(known.length);
  }

  it('writes nothing and sends no statement where nobody asks', async () => {
    await unsubscribe(app.database);
    await act();

    const statements = await statementsOf(app, async () => {
      expect(await toldBy(act)).toEqual([]);
    });

    expect(statements.length).toBeGreaterThan(10);
    expect(statements.filter((statement) => /INSERT INTO events|webhook_/.test(statement))).toEqual([]);
  });

  it('writes only the types that somebody asks for', async () => {
    await subscribe(app.database, ['session.opened', 'user.merged']);
    let userId = '';

    const told = await toldBy(async () => {
      userId = await act();
    });

    expect(told.map(({ type, subject }) => [type, subject])).toEqual([
      ['session.opened', userId],
      ['session.opened', userId],
    ]);
  });

  it('writes what one of several endpoints asks for', async () => {
    await subscribe(app.database, ['user.created']);
    const { id } = await addEndpoint(app, 'https://example.com/', { types: ['session.ended'] });
    const typesOf = async (): Promise<readonly string[]> => [
      ...new Set((await toldBy(act)).map(({ type }) => type)),
    ];

    expect(await typesOf()).toEqual(['user.created', 'session.ended']);
    await app.database.query(`UPDATE webhook_endpoints SET types = '{user.profile_changed}' WHERE id = $1`, [
      id,
    ]);
    await app.catchUp();
    expect(await typesOf()).toEqual(['user.created', 'user.profile_changed']);
    await app.database.query('DELETE FROM webhook_endpoints WHERE id = $1', [id]);
    await app.catchUp();
    expect(await typesOf()).toEqual(['user.created']);
  });

  it('loses the events of a transaction that fails at its commit', async () => {
    await subscribe(app.database);
    const person = aPerson();
    await app.signIn(demo, person);
    await app.database.query(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the commit fails'; END $$`,
    );
    await app.database.query(
      `CREATE CONSTRAINT TRIGGER trg_fail AFTER INSERT ON sessions DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION fail()`,
    );
    const drawn = async (): Promise<number> => {
      const [sequence] = await app.database.query<{ drawn: number }>(
        'SELECT last_value::int AS drawn FROM events_sequence',
      );
      return sequence?.drawn ?? 0;
    };
    const before = await drawn();

    const told = await toldBy(async () => {
      const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo, person) };
      expect((await app.postSignIn(body)).status).toBe(500);
    });
    const after = await drawn();
    await app.database.query('DROP TRIGGER trg_fail ON sessions');
    await app.database.query('DROP FUNCTION fail');

    expect(told).toEqual([]);
    // It was written, and rolled back.
    expect(after).toBeGreaterThan(before);
    expect(await toldBy(() => app.signIn(demo, person))).toHaveLength(1);
  });

  it('orders the events of a person as their transactions commit', async () => {
    // A deferred trigger runs at the commit, while the transaction still holds its locks.
    await app.database.query('CREATE TABLE commits (place bigserial, sequence bigint)');
    await app.database.query(
      `CREATE FUNCTION note_commit() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN INSERT INTO commits (sequence) VALUES (NEW.sequence); RETURN NULL; END $$`,
    );
    await subscribe(app.database);
    const session = await signInPerson(app, await app.createApplication());
    await app.database.query(
      `CREATE CONSTRAINT TRIGGER trg_note_commit AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION note_commit()`,
    );

    const told = await toldBy(() =>
      Promise.all(
        times(50, async (number) => {
          if (number % 10 === 9) return session.delete('/v1/me/sessions');
          const opened = await app.signIn(demo, session.person);
          return number % 3 === 0 ? logOut(opened) : opened;
        }),
      ),
    );
    const commits = await app.database.query<{ sequence: number }>(
      'SELECT sequence::int AS sequence FROM commits ORDER BY place',
    );
    await app.database.query('DROP TRIGGER trg_note_commit ON events');

    expect(commits).toHaveLength(told.length);
    const bySequence = new Map(told.map((event) => [event.sequence, event]));
    // A logout locks its own session only: nothing else of the account waits for it.
    const locking = ({ data }: StoredEvent): boolean => data['reason'] !== 'logout';
    const committed = commits.flatMap(({ sequence }) => bySequence.get(sequence) ?? []);
    expect(committed.filter(locking)).toEqual(told.filter(locking));
    expectPossible(told);
    expect(told.map(({ data }) => data['reason'])).toEqual(
      expect.arrayContaining(['logout', 'evicted', 'ended-all']),
    );
    const live = await app.database.query<{ id: string }>(
      'SELECT id FROM sessions WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL ORDER BY id',
      [session.userId, session.sessionId],
    );
    const ended = new Set(told.filter(({ type }) => type === 'session.ended').map(sessionOf));
    const opened = told.filter(({ type }) => type === 'session.opened').map(sessionOf);
    expect(opened.filter((id) => !ended.has(id)).toSorted()).toEqual(live.map(({ id }) => id));
  });

  it('writes on a day that no job made partitions for', async () => {
    const day = (Math.floor(app.clock.now().getTime() / DAY) + 50) * DAY;
    app.clock.advance((day - app.clock.now().getTime()) / SECOND);

    const told = await toldBy(() =>
      app.nest.get(Database).transaction(async (tx) => {
        await app.nest.get(AuditService).record(tx, teamEvents.deleted, { actor: 'system', subject: TEAM });
        const data = { teamId: TEAM, applicationId: demo.applicationId };
        await app.nest
          .get(Outbox)
          .write(tx, teamEvents.deleted, [{ data, applicationIds: [demo.applicationId] }]);
      }),
    );

    expect(told.map(({ type, at }) => [type, at.getTime()])).toEqual([['team.deleted', day]]);
  });
});

const sessionOf = ({ data }: StoredEvent): string => String(data['sessionId']);

/** Each session opens once and then ends once, and one account never has more of them than it may. */
function expectPossible(events: readonly StoredEvent[]): void {
  const live = new Set<string | undefined>();
  for (const event of events) {
    const id = sessionOf(event);
    expect({ event, isLive: live.has(id) }).toEqual({ event, isLive: event.type === 'session.ended' });
    if (event.type === 'session.opened') live.add(id);
    else live.delete(id);
    // The eleventh is there until the event of the one that it replaces.
    expect(live.size).toBeLessThanOrEqual(MAX_SESSIONS + 1);
  }
}
