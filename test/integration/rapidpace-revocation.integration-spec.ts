import { aPerson, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { isLive } from '../support/person-session';
import {
  aCasinoWithBot,
  aRapidpaceApplication,
  aRecord,
  codeOf,
  enter,
  exchange,
  openLink,
  queryOf,
  type RapidpaceApplication,
} from '../support/rapidpace';
import { useCountersign } from '../support/run-countersign';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

/** Its init data may come without Telegram's signature. */
const bot = { signaturePolicy: 'optional' } as const;

const app = useTestApp();
const countersign = useCountersign(app);

function aLink({ secret }: RapidpaceApplication, telegramId?: number): string {
  return queryOf(aRecord(app, telegramId === undefined ? {} : { telegram_id: telegramId }), secret);
}

function enterBy(casino: RapidpaceApplication, link = aLink(casino)): Promise<SignInBody> {
  return enter(app, casino.applicationId, link);
}

function revokeSince(since: Date, { applicationId }: RapidpaceApplication): Promise<unknown> {
  return countersign.json(`session revoke --vendor-of ${applicationId} --since ${since.toISOString()}`);
}

describe('the sessions that rest on Rapidpace’s word', () => {
  it('end from an instant on, in one application, with one command and on every replica', async () => {
    const { casino, demo } = await aCasinoWithBot(app, { bot });
    const other = await aRapidpaceApplication(app);
    const person = aPerson();
    const earlier = await enterBy(casino);
    app.clock.advance(1);
    const since = app.clock.now();
    const byPlatform = await app.signIn(demo, person);
    const byToken = await app.postSignIn({
      applicationId: demo.applicationId,
      initData: app.initDataOf(demo, person, { omitSignature: true }),
    });
    expect(byToken.body).toMatchObject({ assurance: 'bot-token' });
    const end = [await enterBy(casino), await enterBy(casino, aLink(casino, person.id))];
    const stay = [
      earlier,
      byPlatform,
      byToken.body as SignInBody,
      await enterBy(other),
      await enterBy(other, aLink(other, person.id)),
    ];
    app.clock.advance(60);
    end.push(await enterBy(casino));

    await app.withReplica(async (replica) => {
      for (const session of [...end, ...stay]) expect(await isLive(replica, session)).toBe(true);

      expect(await revokeSince(since, casino)).toEqual({ endedSessions: 3 });

      for (const session of end) {
        await until(async () => !(await isLive(replica, session)) && !(await isLive(app, session)));
        expectProblem(await replica.getMe(session.accessToken), 401, 'session.ended');
        expectProblem(await replica.refresh(session.refreshToken), 401, 'session.ended');
      }
      for (const session of stay)
        for (const target of [app, replica]) expect(await isLive(target, session)).toBe(true);
      expect(await revokeSince(since, casino)).toEqual({ endedSessions: 0 });
    });

    const actor = await countersign.actor();
    const ids = [...end, ...stay].map(({ sessionId }) => sessionId);
    expect(
      await app.database.query(
        `SELECT subject, actor, details FROM audit_records
         WHERE action = 'session.ended' AND subject = ANY($1) ORDER BY subject`,
        [ids],
      ),
    ).toEqual(
      end
        .map(({ sessionId }) => sessionId)
        .sort()
        .map((subject) => ({ subject, actor, details: { reason: 'revoked' } })),
    );
  });

  it('are opened by their links no more, those of whoever had logged out before neither', async () => {
    const { casino } = await aCasinoWithBot(app, { bot });
    const other = await aRapidpaceApplication(app);
    const { applicationId } = casino;
    const since = app.clock.now();
    const [live = '', loggedOut = ''] = times(2, () => aLink(casino));
    await enterBy(casino, live);
    const { accessToken } = await enterBy(casino, loggedOut);
    await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${accessToken}`);
    const pending = [live, aLink(casino)];
    const pendingCodes: string[] = [];
    for (const link of pending) pendingCodes.push(codeOf(await openLink(app, applicationId, link)));
    const elsewhere = codeOf(await openLink(app, other.applicationId, aLink(other)));

    expect(await revokeSince(since, casino)).toEqual({ endedSessions: 1 });

    for (const code of pendingCodes)
      expectProblem(await exchange(app, applicationId, code), 410, 'auth.code_used');
    expect((await exchange(app, other.applicationId, elsewhere)).status).toBe(200);
    for (const link of [live, loggedOut])
      expectProblem(await openLink(app, applicationId, link), 401, 'auth.proof_used');
  });

  it('are not opened by a code that waited while all sessions of its player were ended', async () => {
    const { casino } = await aCasinoWithBot(app, { bot });
    const { applicationId } = casino;
    const link = aLink(casino);
    const { userId } = await enterBy(casino, link);
    const code = codeOf(await openLink(app, applicationId, link));
    app.clock.advance(1);
    await app.accounts.revoke({ userId });

    expectProblem(await exchange(app, applicationId, code), 401, 'auth.proof_outdated');
  });

  it('are opened by new links, as long as the secret is there, and by earlier ones that were spared', async () => {
    const { casino } = await aCasinoWithBot(app, { bot });
    const spared = aLink(casino);
    const earlier = await enterBy(casino, spared);
    app.clock.advance(1);

    expect(await revokeSince(app.clock.now(), casino)).toEqual({ endedSessions: 0 });

    expect((await enterBy(casino, spared)).sessionId).toBe(earlier.sessionId);
    expect((await enterBy(casino)).isNewUser).toBe(true);
  });
});
