import { readFileSync } from 'node:fs';
import { join as pathOf } from 'node:path';
import { aBotToken, aPerson, type Person, type SignInBody } from '../factories';
import { linkIdentity } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import {
  isLive,
  sessionOf,
  signInOpenWeb3,
  signInPerson,
  type PersonSession,
} from '../support/person-session';
import { aLenientGame } from '../support/lenient-game';
import { loginOf, openWeb3InitDataOf, postTo } from '../support/proofs';
import { acceptance, join, steppedUpFor, withGrant } from '../support/relaunch';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

interface IdentityBody {
  readonly identityId: string;
  readonly subject: string;
  readonly assurance: string;
}

/** Whoever holds the bot token of a game, and nothing else, wants the accounts of a bank. */
describe('a leaked bot token', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const game = useApplication(app, { settings: { dataNeeds: ['name', 'phone'] } });
  const bank = useApplication(app, { settings: { loginWidget: { accept: false } } });
  const im = useOpenWeb3Bot(app, game);
  const lenient = useFixture(() => aLenientGame(app));

  async function forgedLogin(victim: Person): Promise<PersonSession> {
    const forged = { applicationId: game.applicationId, data: loginOf(app, game, victim) };
    const answer = await postTo(app, 'telegram/login-widget', forged);
    expect(answer.status).toBe(200);
    return sessionOf(app, answer.body as SignInBody, victim, () => ({}));
  }

  /** Init data by the token alone, where the application takes it. */
  const forgedLaunch = (victim: Person) => (startParam: string) => {
    const { applicationId } = lenient;
    const initData = app.initDataOf(lenient, victim, { startParam, omitSignature: true });
    return app.postSignIn({ applicationId, initData });
  };

  it('is not told whether it fits where the Login Widget is refused', async () => {
    const data = loginOf(app, bank, aPerson());
    for (const each of [data, { ...data, hash: '0'.repeat(64) }]) {
      const login = { applicationId: bank.applicationId, data: each };
      expectProblem(await postTo(app, 'telegram/login-widget', login), 403, 'auth.login_widget_refused');
    }
  });

  const identitiesOf = async (session: PersonSession): Promise<readonly IdentityBody[]> =>
    ((await session.get('/v1/me/identities')).body as { items: IdentityBody[] }).items;

  it('bars nothing that the platform itself signed', async () => {
    const victim = await signInPerson(app, bank);
    const [inGame, inBank] = [app.initDataOf(game, victim.person), app.initDataOf(bank, victim.person)];
    app.clock.advance(2);
    const forged = await forgedLogin(victim.person);
    expect((await forged.delete('/v1/me/sessions?all=true')).status).toBe(204);

    const open = (applicationId: string, initData: string) => app.postSignIn({ applicationId, initData });
    expect((await open(game.applicationId, inGame)).status).toBe(200);
    expect((await open(bank.applicationId, inBank)).status).toBe(200);
    app.clock.advance(2);
    expect((await signInPerson(app, game, victim.person)).userId).toBe(victim.userId);
  });

  it('takes no account into another one', async () => {
    const [victim, attacker] = [await signInPerson(app, bank), await signInPerson(app, game)];
    const forged = { person: victim.person, launch: forgedLaunch(victim.person) };

    const accept = await acceptance(app, game, attacker, forged);

    expectProblem(await accept(), 403, 'auth.assurance_too_low');
    expect(await isLive(app, victim)).toBe(true);
  });

  it('says nothing of a person that replaces what the platform has signed', async () => {
    const victim = await signInPerson(app, game, aPerson({ first_name: 'Ada' }));
    app.clock.advance(60);
    const forged = await forgedLogin({ ...victim.person, first_name: 'Mallory' });

    expect((await forged.get('/v1/me')).body).toMatchObject({ profile: { firstName: null } });
    expect((await victim.get('/v1/me')).body).toMatchObject({ profile: { firstName: 'Ada' } });
  });

  it('keeps nothing of an account that it made before its person came', async () => {
    const person = aPerson();
    const forged = await forgedLogin(person);
    expect(forged.isNewUser).toBe(true);
    expectProblem(await forged.post('/v1/me/joins'), 403, 'auth.assurance_too_low');

    const victim = await signInPerson(app, bank, person);

    expect(victim).toMatchObject({ userId: forged.userId, assurance: 'platform' });
    expect(await isLive(app, forged)).toBe(false);
    expectProblem(await app.refresh(forged.refreshToken), 401, 'session.ended');

    // Only once: later sessions of weaker proofs are the person's own, or somebody's who reaches nothing.
    const later = await forgedLogin(person);
    await signInPerson(app, bank, person);
    expect(await isLive(app, later)).toBe(true);
  });

  it('keeps nothing either where the person comes with init data per request', async () => {
    const perRequest = await app.createApplication({ settings: { perRequestInitData: { accept: true } } });
    const person = aPerson();
    const forged = await forgedLogin(person);
    const answer = await app.http.get('/v1/me').set({
      authorization: `tma ${app.initDataOf(perRequest, person)}`,
      'x-countersign-application': perRequest.applicationId,
    });

    expect(answer.status).toBe(200);
    expect(await isLive(app, forged)).toBe(false);
  });

  describe('where an account has OpenWeb3 alone', () => {
    const commandsOf = (heading: string): string => {
      const text = readFileSync(pathOf(__dirname, '../../docs/operations.md'), 'utf8');
      return /```sh\n([^]*?)```/.exec(text.slice(text.indexOf(heading)))?.[1] ?? '';
    };

    it('takes over whom nobody signs for, until the commands of docs/operations.md have run', async () => {
      const leak = app.clock.now().toISOString();
      const [victim, attacker] = [await signInOpenWeb3(app, im), aPerson()];
      const founder = (await identitiesOf(victim))[0];

      // Forged: whoever holds the token signs as the person does.
      const forged = await signInOpenWeb3(app, im, victim.person);
      await linkIdentity(app, game, forged, { person: attacker });
      const unlinking = await steppedUpFor(app, game, forged, 'account.unlink');
      const path = `/v1/me/identities/${founder?.identityId ?? ''}`;
      const shutOut = await withGrant(unlinking.delete(path), unlinking.grant);
      expectProblem(shutOut, 403, 'auth.assurance_too_low');
      const inBank = await signInPerson(app, bank, attacker);
      expect(inBank).toMatchObject({ userId: victim.userId, assurance: 'bot-token' });
      // An identity of Telegram that came by the token raises no level, so its person goes on seeing the account.
      expect(await identitiesOf(victim)).toHaveLength(2);

      const documented = commandsOf('**A token leaked.**');
      const run = async <T>(words: string, input?: string): Promise<T> => {
        const [resource = '', verb = ''] = words.split(' ');
        expect(documented).toContain(`countersign ${resource} ${verb}`);
        return countersign.json<T>(words, input);
      };
      await run(`bot set ${im.botId} --status compromised`);
      await run(
        `session revoke --bot-id ${im.botId} --provider openweb3 --environment production --since ${leak}`,
      );
      expect(documented).toContain('countersign identity list');
      const items = await countersign.lines<{ identityId: string; userId: string }>(
        `identity list --attached-since ${leak} --bot openweb3/production/${im.botId}`,
      );
      expect(items).toMatchObject([{ userId: victim.userId, attachedBy: 'merge', cap: 'bot-token' }]);
      for (const { identityId } of items) await run(`identity detach ${identityId}`);
      const token = aBotToken(im.botId);
      await run(`bot rotate ${im.botId} --token-stdin`, token);
      await run(`bot set ${im.botId} --status active`);

      for (const session of [forged, inBank]) expect(await isLive(app, session)).toBe(false);
      const anew = { ...im, botToken: token };
      const again = await signInOpenWeb3(app, anew, victim.person);
      expect(again.userId).toBe(victim.userId);
      expect(await identitiesOf(again)).toHaveLength(1);
      expect((await signInPerson(app, bank, attacker)).userId).not.toBe(victim.userId);
      const stale = { applicationId: im.applicationId, botId: im.botId };
      const withOldToken = { ...stale, initData: openWeb3InitDataOf(app, im, victim.person) };
      expectProblem(await postTo(app, 'openweb3/init-data', withOldToken), 401, 'init_data.hash_mismatch');
    });

    it('is named by what it attached, wherever a merge has taken that since', async () => {
      const leak = app.clock.now().toISOString();
      const leaked = await app.addOpenWeb3Bot(game);
      const [victim, attacker] = [await signInOpenWeb3(app, leaked), aPerson()];
      const forged = await signInOpenWeb3(app, leaked, victim.person);
      const identityId = await linkIdentity(app, game, forged, { person: attacker });
      const own = await signInPerson(app, bank);
      const merged = await join(app, bank, own, attacker);
      expect(merged.body).toMatchObject({ mergedUserId: victim.userId });

      const item = await countersign.json(
        `identity list --attached-since ${leak} --bot openweb3/production/${leaked.botId}`,
      );
      expect(item).toMatchObject({ identityId, userId: own.userId });
    });
  });

  it('opens no session of a third party by an identity that it has attached', async () => {
    const wanted = { trust: 'third-party', settings: { dataNeeds: ['name'] } } as const;
    const thirdParty = await app.createApplication(wanted);
    const [thief, person] = [await signInOpenWeb3(app, await app.addOpenWeb3Bot(game)), aPerson()];
    await linkIdentity(app, game, thief, { person });
    const { applicationId } = thirdParty;
    const signInAs = (somebody: Person) =>
      app.postSignIn({ applicationId, initData: app.initDataOf(thirdParty, somebody) });

    expectProblem(await signInAs(person), 403, 'auth.assurance_too_low');
    // A changed profile is stored without group commit, by other code.
    expectProblem(await signInAs({ ...person, first_name: 'Other' }), 403, 'auth.assurance_too_low');
    expect((await signInAs(aPerson())).status).toBe(200);
  });
});
