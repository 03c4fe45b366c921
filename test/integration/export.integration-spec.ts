import { UsersService } from '@countersign/users';
import { aPerson } from '../factories';
import { linkIdentity } from '../support/accounts';
import { plantCanary } from '../support/canaries';
import { readExport, type ExportBody } from '../support/export-schema';
import { openWeb3Launch, signInPerson, type PersonSession } from '../support/person-session';
import { sealedColumnsIn } from '../support/declared-columns';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

/** Sealed under a code that only its holder has: nothing says whose they are. And a key, which says nothing of a person. */
const OF_NOBODY: ReadonlySet<string> = new Set(['one_time_tokens.content', 'wallets.wallet_key']);

/** A sealed copy of what the other sections show, under a key of its own: separations looks at it. */
const COPIES: ReadonlySet<string> = new Set(['account_joins.journal']);

/** Sealed under the key of a wallet: embedded-wallets-of-accounts and sends look for what they hold. */
const OF_WALLETS: ReadonlySet<string> = new Set([
  'send_versions.raw',
  'sends.details',
  'sends.outcome',
  'wallet_acts.details',
  'wallet_acts.request',
]);

describe('GET /v1/me/export', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { dataNeeds: ['name', 'username'] } });
  const im = useOpenWeb3Bot(app, demo);

  async function exported(session: PersonSession): Promise<ExportBody> {
    const answer = await session.get('/v1/me/export');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    return readExport(answer.text);
  }

  async function stepped(session: PersonSession): Promise<PersonSession> {
    expect((await session.stepUp()).status).toBe(200);
    return session;
  }

  async function linkOpenWeb3(session: PersonSession): Promise<void> {
    const person = aPerson();
    await linkIdentity(app, demo, session, { person, launch: openWeb3Launch(app, im, person) });
  }

  it('has the account, its identities, sessions, proofs and audit records', async () => {
    const session = await signInPerson(app, demo);
    const old = await signInPerson(app, demo, session.person);
    await old.delete('/v1/me/sessions/' + old.sessionId);
    await stepped(session);

    const { userId, sections } = await exported(session);

    expect(userId).toBe(session.userId);
    expect(sections['identities']?.items).toEqual([
      expect.objectContaining({
        subject: String(session.person.id),
        profile: expect.objectContaining({ firstName: session.person.first_name }) as unknown,
      }),
    ]);
    expect(sections['sessions']?.items.map(({ sessionId, endReason }) => [sessionId, endReason])).toEqual([
      [session.sessionId, null],
      [old.sessionId, 'ended-by-owner'],
    ]);
    expect(sections['proofs']?.items.map(({ kind }) => kind).toSorted()).toEqual([
      'act',
      'sign-in',
      'sign-in',
    ]);
    expect(sections['auditRecords']?.items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['user.created', 'session.opened', 'session.ended', 'user.exported']),
    );
    expect(sections['applications']?.items).toHaveLength(1);
  });

  it('has no token and no digest', async () => {
    const session = await stepped(await signInPerson(app, demo));

    const text = JSON.stringify(await exported(session));

    expect(text).not.toMatch(/cs_[ar]t_/);
    expect(text).not.toMatch(/"\w*[Dd]igest\w*":/);
    expect(text).not.toContain('v1:');
  });

  it('has what is sealed in every column of every table', async () => {
    const session = await signInPerson(app, demo);
    await stepped(session);
    await linkOpenWeb3(session);
    const dataKey = await app.nest.get(UsersService).getDataKey(session.userId);
    const columns = sealedColumnsIn(app).personal.filter(
      // The entity of toy-module.integration-spec.ts stays in the modules that files of one worker share.
      (name) =>
        !OF_NOBODY.has(name) && !COPIES.has(name) && !OF_WALLETS.has(name) && !name.startsWith('toys.'),
    );
    expect(columns.length).toBeGreaterThanOrEqual(7);

    const canaries: string[] = [];
    const owner = { userId: session.userId, applicationId: demo.applicationId, dataKey };
    for (const column of columns) canaries.push(await plantCanary(app.database, column, owner));

    const text = JSON.stringify(await exported(session));
    expect(canaries.filter((canary) => !text.includes(canary))).toEqual([]);
  });

  it('has nothing of other people', async () => {
    const [one, other] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    await stepped(one);

    const text = JSON.stringify(await exported(one));

    for (const foreign of [other.userId, other.sessionId, String(other.person.id)])
      expect(text).not.toContain(foreign);
  });

  it('has every row once, also of thousands', async () => {
    const session = await stepped(await signInPerson(app, demo));
    const former = await app.database.query<{ id: string }>(
      `INSERT INTO user_aliases (id, user_id, created_at)
       SELECT gen_random_uuid(), $1, now() FROM generate_series(1, 2500) RETURNING id`,
      [session.userId],
    );

    const { sections } = await exported(session);

    const ids = sections['formerIds']?.items.map(({ userId }) => userId) ?? [];
    expect(ids).toEqual(former.map(({ id }) => id).toSorted());
  });

  it('is limited to five a day, also when many ask at once', async () => {
    const session = await stepped(await signInPerson(app, demo));

    const answers = await Promise.all(Array.from({ length: 12 }, () => session.get('/v1/me/export')));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
  });
});
