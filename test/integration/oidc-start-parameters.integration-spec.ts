import { aPerson, type Person, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import {
  anOidcApplication,
  Browser,
  codeVerifier,
  cookiesOf,
  exchange,
  landingOf,
  locationOf,
  oidcLaunch,
  outcomeOf,
  useOidc,
  visitTelegram,
} from '../support/oidc';
import { isLive, sessionOf, signInPerson, type PersonSession } from '../support/person-session';
import { aReferrer, parentsIn, referralIn, withReferrals } from '../support/referrals';
import { askToJoin, relaunch, withGrant, type AskedJoin, type Relaunched } from '../support/relaunch';
import type { Demo } from '../support/test-app';
import { useFixture } from '../support/use-fixture';

const { app, oidc } = useOidc();
const demo = useFixture(() => anOidcApplication(app, oidc));

beforeEach(() => {
  oidc.nextPerson = aPerson();
});

/** Log In With Telegram of a person, with the start parameter of a link that they opened. */
const arrive = (at: Demo, person: Person, startParam: string) =>
  oidcLaunch(app, oidc, at, person)(startParam);

/** The same, for a sign-in that succeeds. */
function enter(person: Person, startParam: string, at = demo): Promise<Relaunched> {
  return relaunch(app, at, { person, launch: oidcLaunch(app, oidc, at, person) }, startParam);
}

/** A session of a web page, whose person steps up by Log In With Telegram too. */
async function onTheWeb(person = aPerson()): Promise<PersonSession> {
  const { body } = await arrive(demo, person, 'campaign');
  return sessionOf(app, body as SignInBody, person, async () => {
    oidc.nextPerson = person;
    const landing = await new Browser(app).logIn(demo);
    return { code: landing.searchParams.get('code'), codeVerifier };
  });
}

describe('a start parameter of Log In With Telegram', () => {
  it.each(['campaign-7', '-_', 'a'.repeat(512)])('comes with the sign-in alone: %s', async (startParam) => {
    const browser = new Browser(app);
    const start = await browser.start(demo, { startParam });
    const callback = await visitTelegram(locationOf(start));
    const landing = landingOf(await browser.open(callback));

    for (const url of [locationOf(start).href, callback, landing.href])
      expect([...new URL(url, 'https://any.example').searchParams.values()]).not.toContain(startParam);
    expect(Object.keys(outcomeOf(landing))).toEqual(['code', 'state']);
    expect((await exchange(app, demo, landing)).body).toMatchObject({ startParam });
  });

  it.each(['', ' ', 'a b', 'a.b', 'ä', 'a\u0000', 'a'.repeat(513)])(
    'is refused as %j',
    async (startParam) => {
      const before = await inventoryOf(app);

      const answer = await new Browser(app).start(demo, { startParam });

      expectProblem(answer, 400, 'request.invalid', [
        { path: 'startParam', code: expect.any(String) as string },
      ]);
      expect(cookiesOf(answer)).toEqual([]);
      expect(await inventoryOf(app)).toEqual(before);
    },
  );
});

describe('a join on web pages', () => {
  const accept = (session: PersonSession, { code, number }: AskedJoin, grant?: string) => {
    const call = session.post(`/v1/joins/${code}/accept`, { number });
    return grant === undefined ? call : withGrant(call, grant);
  };

  it.each(['has', 'has no'])('is asked and accepted by a person who %s account', async (has) => {
    const asking = await onTheWeb();
    const other = aPerson();
    const known = has === 'has' ? await onTheWeb(other) : null;
    app.clock.advance(1);
    expect((await asking.stepUp()).status).toBe(200);
    const asked = (await asking.post('/v1/me/joins')).body as AskedJoin;

    const arrived = await enter(other, `j_${asked.code}`);
    expect((await arrived.get(`/v1/joins/${asked.code}`)).status).toBe(200);
    const accepted = await accept(arrived, asked, arrived.joinAnswer?.grant);

    expect(accepted.body).toEqual({ userId: asking.userId, mergedUserId: arrived.userId });
    if (known) expect(await isLive(app, known)).toBe(false);
    expect((await onTheWeb(other)).userId).toBe(asking.userId);
  });

  it('does nothing by the address of an attacker, who knows the number and the code verifier', async () => {
    const attacker = await signInPerson(app, demo);
    const victim = await onTheWeb();
    const asked = await askToJoin(app, demo, attacker);
    oidc.nextPerson = victim.person;
    const browser = new Browser(app);
    // With the code challenge of the attacker.
    const callback = await browser.reachCallback(demo, { startParam: `j_${asked.code}` });
    expectProblem(await new Browser(app).open(callback), 403, 'oidc.browser_mismatch');
    const landing = landingOf(await browser.open(callback));

    // The page has no code verifier of this login.
    expectProblem(
      await exchange(app, demo, landing, { codeVerifier: 'a'.repeat(43) }),
      401,
      'auth.code_verifier_mismatch',
    );
    // One that takes the start parameter from its own address begins the login itself.
    const arrived = await enter(victim.person, `j_${asked.code}`);
    const grant = arrived.joinAnswer?.grant ?? '';
    for (const session of [arrived, victim])
      expectProblem(await accept(session, asked), 403, 'account.step_up_required');
    expectProblem(await accept(victim, asked, grant), 403, 'account.grant_invalid');
    expectProblem(await accept(attacker, asked, grant), 409, 'account.same_account');
    const wrong = { ...asked, number: asked.number === 99 ? 98 : asked.number + 1 };
    expectProblem(await accept(arrived, wrong, grant), 403, 'account.join_number_wrong');

    expect((await onTheWeb(victim.person)).userId).toBe(victim.userId);
    expect(await isLive(app, victim)).toBe(true);
  });
});

describe('a step-up by the code of an act', () => {
  it.each(['campaign', 'j_Hq7mXw2kVt9pRb4cYd8nJs3f'])(
    'is not a login with the start parameter %s, which stays good for a sign-in',
    async (startParam) => {
      const session = await onTheWeb();
      oidc.nextPerson = session.person;
      const landing = await new Browser(app).logIn(demo, { startParam });
      const code = landing.searchParams.get('code');

      const stepUp = await session.post('/v1/me/step-up', { code, codeVerifier });

      expectProblem(stepUp, 403, 'auth.proof_names_no_act');
      expectProblem(await session.post('/v1/me/joins'), 403, 'account.step_up_required');
      expect((await exchange(app, demo, landing)).body).toMatchObject({ startParam, userId: session.userId });
    },
  );
});

describe('a referral', () => {
  const referring = useFixture(() => anOidcApplication(app, oidc, withReferrals()));

  it('binds at the first sign-in, before the code of the body, as the claim of the application', async () => {
    const [link, body] = [await aReferrer(app, referring), await aReferrer(app, referring)];
    const person = aPerson();
    oidc.nextPerson = person;
    const landing = await new Browser(app).logIn(referring, { startParam: `r_${link.code}` });

    const answer = await exchange(app, referring, landing, { referralCode: body.code });

    expect(referralIn(answer)).toEqual({ outcome: 'bound' });
    const { userId } = answer.body as SignInBody;
    expect((await parentsIn(app, referring))[userId]).toBe(link.session.userId);
    expect(
      await app.database.query('SELECT source FROM referral_nodes WHERE user_id = $1', [userId]),
    ).toEqual([{ source: 'body' }]);
    expect(referralIn(await arrive(referring, person, `r_${body.code}`))).toEqual({
      outcome: 'ignored',
      code: 'referral.not_first_sign_in',
    });
  });
});
