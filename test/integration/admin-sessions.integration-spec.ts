import type { Page } from '@countersign/http';
import { endReasons } from '@countersign/sessions';
import { words } from '../../apps/console/src/texts';
import { aPerson, times, type Person, type SignInBody } from '../factories';
import { anOperator, type Operator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Listed {
  readonly sessionId: string;
  readonly userId: string;
  readonly applicationId: string;
  readonly state: string;
}

describe('the sessions that operators see', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const other = useApplication(app);
  const operator: Operator = useFixture(() => anOperator(app, ['sessions:read']), { per: 'test' });

  /** So many sessions of one person, oldest first. */
  async function sessionsOf(count: number, person: Person = aPerson()): Promise<SignInBody[]> {
    const sessions: SignInBody[] = [];
    for (const open of times(count, () => () => app.signIn(demo, person))) sessions.push(await open());
    return sessions;
  }
  const idsOf = ({ items }: Page<Listed>): string[] => items.map(({ sessionId }) => sessionId);
  const pageOf = async (userId: string): Promise<Page<Listed>> => {
    const answer = await operator.get(`/v1/admin/users/${userId}/sessions`);
    expect(answer.status).toBe(200);
    return answer.body as Page<Listed>;
  };

  it('hold what an operator needs, and nothing that is sealed or secret', async () => {
    const session = await signInPerson(app, demo);
    await app.signIn(demo, session.person, { deviceName: 'Ada’s phone' });
    await session.stepUp();

    const answer = await operator.get(`/v1/admin/sessions/${session.sessionId}`);
    const iso = expect.stringMatching(/^20.*Z$/) as string;
    expect(answer.body).toEqual({
      sessionId: session.sessionId,
      userId: session.userId,
      applicationId: demo.applicationId,
      identityId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      state: 'live',
      assurance: 'platform',
      door: 'telegram-init-data',
      kind: 'telegram-init-data',
      openidClients: [],
      scopes: [],
      isBound: false,
      isOfAllowedBot: false,
      createdAt: iso,
      authenticatedAt: iso,
      lastUsedAt: iso,
      expiresAt: iso,
      stepUpExpiresAt: iso,
      refusedReentryAt: null,
      endedAt: null,
      endReason: null,
      endedBy: null,
    });
    const { items } = await pageOf(session.userId);
    expect(items[1]).toEqual(answer.body);
    expect(JSON.stringify(items)).not.toMatch(/phone|v1:|cs_/);
  });

  it('are listed of one account, also ended ones', async () => {
    const person = aPerson();
    const [ended, live] = await sessionsOf(2, person);
    const elsewhere = await app.signIn(other, person);
    await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${ended?.accessToken ?? ''}`);

    expect(idsOf(await pageOf(elsewhere.userId))).toEqual(
      [elsewhere, live, ended].map((one) => one?.sessionId),
    );
  });

  it('say who ended them, and why', async () => {
    const { principalId, ...administrator } = await anOperator(app, [
      'sessions:end',
      'users:write',
      'users:erase',
    ]);
    const person = aPerson();
    const [first, left, ended, all, last] = await sessionsOf(5, person);
    const { userId = '' } = first ?? {};
    const as = (session?: SignInBody) => ({ authorization: `Bearer ${session?.accessToken ?? ''}` });
    await app.http.post('/v1/auth/logout').set(as(left));
    await app.http.delete(`/v1/me/sessions/${ended?.sessionId ?? ''}`).set(as(last));
    await administrator.post(`/v1/admin/sessions/${all?.sessionId ?? ''}/end`);
    await app.http.delete('/v1/me/sessions').set(as(last));
    await administrator.post(`/v1/admin/users/${userId}/deactivate`);

    expect((await pageOf(userId)).items).toMatchObject([
      { sessionId: last?.sessionId, endReason: 'deactivated', endedBy: `principal:${principalId}` },
      { sessionId: all?.sessionId, endReason: 'revoked', endedBy: `principal:${principalId}` },
      {
        sessionId: ended?.sessionId,
        endReason: 'ended-by-owner',
        endedBy: `session:${last?.sessionId ?? ''}`,
      },
      // Its logout no longer allows its proof to open another one.
      { sessionId: left?.sessionId, endReason: 'ended-all', endedBy: 'person' },
      { sessionId: first?.sessionId, endReason: 'ended-all', endedBy: 'person' },
    ]);
  });

  it('have a text in the console for each reason of their end', () => {
    expect(Object.keys(words['endReason'] ?? {}).toSorted()).toEqual([...endReasons, 'absolute'].toSorted());
  });

  it('have ended when they have run out', async () => {
    const [session] = await sessionsOf(1);
    const { userId = '', sessionId } = session ?? {};
    app.clock.advance(31 * 86_400);
    const later = await anOperator(app, ['sessions:read']);
    const { items } = (await later.get(`/v1/admin/users/${userId}/sessions`)).body as Page<Listed>;

    expect(items).toMatchObject([
      {
        sessionId,
        state: 'ended',
        endReason: 'idle',
        endedBy: null,
        endedAt: expect.stringMatching(/Z$/) as string,
      },
    ]);
  });
});
