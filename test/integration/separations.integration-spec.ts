import { aPerson, type Person } from '../factories';
import { linkIdentity, mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import { invite } from '../support/invitations';
import { linkWallet } from '../support/linked-wallets';
import { isLive, sessionOf, signInPerson, type PersonSession } from '../support/person-session';
import { codeOf, joinBy, withReferrals } from '../support/referrals';
import { addMember, aTeam } from '../support/teams';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet } from '../support/wallets';

interface SeparableJoin {
  readonly joinId: string;
  readonly kind: 'link' | 'merge';
  readonly userId: string | null;
  readonly identityIds: readonly string[];
  readonly separableUntil: string;
}

interface SeparationBody {
  readonly userId: string;
  readonly endedSessions: number;
  readonly lost: readonly { readonly what: string; readonly id: string | null }[];
}

/** They grow with every sign-in, or follow the sessions. */
const OF_SESSIONS: ReadonlySet<string> = new Set(['sessions', 'proofs', 'auditRecords']);

describe('POST /v1/me/separations', () => {
  const app = useTestApp();
  const demo = useApplication(app, { ...withReferrals(), origins: ['https://shop.example'] });

  const signIn = (person: Person = aPerson()) => signInPerson(app, demo, person);

  async function separableOf(session: PersonSession): Promise<readonly SeparableJoin[]> {
    const answer = await session.get('/v1/me/joins/separable');
    expect(answer.status).toBe(200);
    return (answer.body as { items: readonly SeparableJoin[] }).items;
  }

  /** The person signs in again, and separates all that is listed, until nothing is. */
  async function separateAll(person: Person): Promise<readonly SeparationBody[]> {
    const done: SeparationBody[] = [];
    for (;;) {
      const session = await signIn(person);
      const [join] = await separableOf(session);
      if (!join) return done;
      const answer = await session.post('/v1/me/separations', { joinId: join.joinId });
      expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
      done.push(answer.body as SeparationBody);
    }
  }

  /** Everything that is stored of a person, as they may take it away; what teams record since is left out. */
  async function exported(person: Person, since: Date): Promise<Readonly<Record<string, unknown>>> {
    const session = await signIn(person);
    expect((await session.stepUp()).status).toBe(200);
    const { userId, sections } = readExport((await session.get('/v1/me/export')).text);
    const items = Object.entries(sections).flatMap(([name, section]) =>
      OF_SESSIONS.has(name)
        ? []
        : [[name, section.items.filter(({ at }) => !(Date.parse(String(at)) > since.getTime()))] as const],
    );
    return { userId, ...Object.fromEntries(items) };
  }

  /** A person with something of every part. */
  async function aFullPerson(friend: PersonSession, username: string): Promise<PersonSession> {
    const session = await signIn();
    const changed = await session.patch('/v1/me/profile', {
      displayName: `Name of ${username}`,
      username,
      email: `${username}@example.org`,
      visibility: { displayName: 'public', username: 'public' },
      preferences: { theme: username },
    });
    expect({ status: changed.status, text: changed.text }).toMatchObject({ status: 200 });
    await session.stepUp();
    await linkWallet(session, anEvmWallet());
    const own = await aTeam(session);
    const theirs = await aTeam(friend);
    await addMember(app, theirs.teamId, session, 'editor');
    await invite(session, { teamId: own.teamId, owner: session });
    await codeOf(session);
    return session;
  }

  it('gives both accounts back what they had, in every part', async () => {
    const friend = await signIn();
    const [victim, thief] = [await aFullPerson(friend, 'violet'), await aFullPerson(friend, 'tamara')];
    const shared = await aTeam(victim);
    await addMember(app, shared.teamId, thief, 'admin');
    await app.database.query('UPDATE team_members SET invited_by = $1 WHERE team_id = $2 AND user_id = $3', [
      victim.userId,
      shared.teamId,
      thief.userId,
    ]);
    const since = app.clock.now();
    const both = async () => [await exported(victim.person, since), await exported(thief.person, since)];
    const before = await both();
    app.clock.advance(1);

    await mergeAccounts(app, demo, thief, victim);
    const merged = await exported(victim.person, since);
    const done = await separateAll(victim.person);

    expect(merged['userId']).toBe(thief.userId);
    expect(done).toEqual([{ userId: victim.userId, endedSessions: expect.any(Number) as number, lost: [] }]);
    expect(await both()).toEqual(before);
    const rows = await app.database.query('SELECT 1 FROM account_joins');
    expect(rows).toEqual([]);
  });
});
