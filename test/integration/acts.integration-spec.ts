import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AcceptedBots } from '@countersign/applications';
import { actNames } from '@countersign/embedded-wallets';
import { operationsInUse, type SensitiveOperation } from '@countersign/sessions';
import type request from 'supertest';
import { aBotToken, aPerson, type Person, type SignInBody } from '../factories';
import { askForAct, EMBEDDED_DOMAIN, embed, signable, useCustody } from '../support/embedded-wallets';
import { inlined } from '../support/inlined-document';
import { linkWallet, type WalletBody } from '../support/linked-wallets';
import { listingOfTeam } from '../support/listings';
import { sessionOf, signInPerson, type PersonSession } from '../support/person-session';
import { loginOf, postTo } from '../support/proofs';
import { aCasinoWithBot, aRecord, enter, queryOf, register } from '../support/rapidpace';
import { askToJoin } from '../support/relaunch';
import { addMember, aTeam, aTeamName } from '../support/teams';
import { useQuietNodes } from '../support/quiet-nodes';
import { sendingOn } from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE, walletProof } from '../support/wallets';

/** What an attacker holds. None of them holds a second fresh launch of the person. */
const attackers = [
  'leaked bot token',
  'leaked vendor secret',
  'operator of an allowed bot',
  'stolen access token',
  'captured launch',
] as const;
type Attacker = (typeof attackers)[number];

type Outcome = 'done' | 'auth.assurance_too_low' | 'account.step_up_required';

/** A person who owns a team, and what there is for the acts. */
interface Scene {
  readonly owner: PersonSession;
  readonly path: string;
  readonly viewer: string;
}

type Answered = Pick<request.Response, 'status'> & { readonly body: unknown };
type Attempt = (thief: PersonSession, scene: Scene) => Promise<Answered>;

const custody = useCustody();
const [first, second] = useQuietNodes();
const app = useTestApp(() => sendingOn(custody, [first.url, second.url]));

describe('acts of the table', () => {
  const place = useFixture(async () => {
    const { casino, demo } = await aCasinoWithBot(app, {
      settings: {
        origins: [SITE],
        embeddedWallets: { enabled: true, acts: actNames, domains: [EMBEDDED_DOMAIN] },
      },
    });
    const botToken = aBotToken();
    const botId = botToken.split(':', 1)[0] ?? '';
    const accepted = { provider: 'telegram', environment: 'production', botId } as const;
    await app.nest.get(AcceptedBots).allow(demo.applicationId, accepted);
    return { casino, demo, allowed: { applicationId: demo.applicationId, botId, botToken } };
  });

  /** What each act is attempted by. An act without a line fails the test. */
  const attempts: Readonly<Record<string, Attempt>> = {
    'account.accept_join': async (thief) => {
      const asking = await signInPerson(app, place.demo);
      // An account that is no older than the request would be linked like an identity.
      app.clock.advance(1);
      const { code, number } = await askToJoin(app, place.demo, asking);
      return thief.post(`/v1/joins/${code}/accept`, { number });
    },
    'account.erase': async (thief) => thief.delete(`/v1/me?confirm=${thief.userId}`),
    'account.export': async (thief) => thief.get('/v1/me/export'),
    'account.join': async (thief) => thief.post('/v1/me/joins'),
    'account.link': async (thief) =>
      thief.post('/v1/me/identities/wallets', await walletProof(thief, anEvmWallet(), 'link')),
    'account.unlink': async (thief, { owner }) => {
      const { items } = (await owner.get('/v1/me/identities')).body as { items: { identityId: string }[] };
      return thief.delete(`/v1/me/identities/${items[0]?.identityId ?? ''}`);
    },
    'invitations.create': async (thief, { path }) => thief.post(`${path}/invitations`, { role: 'editor' }),
    'invitations.create_for_admin': async (thief, { path }) =>
      thief.post(`${path}/invitations`, { role: 'admin', maxUses: 2 }),
    'invitations.list': async (thief, { path }) => thief.get(`${path}/invitations`),
    'invitations.revoke': async (thief, { owner, path }) => {
      const made = await owner.post(`${path}/invitations`, { role: 'viewer' });
      return thief.delete(`${path}/invitations/${(made.body as { invitationId: string }).invitationId}`);
    },
    'listing.change': async (thief, { path }) => {
      const teamId = path.split('/').at(-1) ?? '';
      const listingId = await listingOfTeam(app, place.demo.applicationId, teamId);
      return thief.patch(`${path}/listings/${listingId}`, { websiteUrl: 'https://thief.example/' });
    },
    'members.become_admin': async (thief) => {
      const other = await signInPerson(app, place.demo);
      const { teamId } = await aTeam(other);
      await other.stepUp();
      const made = await other.post(`/v1/teams/${teamId}/invitations`, { role: 'admin' });
      const { token } = made.body as { token: string };
      return thief.post('/v1/invitations/accept', { token });
    },
    'members.list': async (thief, { path }) => thief.get(`${path}/members`),
    'members.make_admin': async (thief, { path, viewer }) =>
      thief.patch(`${path}/members/${viewer}`, { role: 'admin' }),
    'members.remove': async (thief, { path, viewer }) => thief.delete(`${path}/members/${viewer}`),
    'members.set_role': async (thief, { path, viewer }) =>
      thief.patch(`${path}/members/${viewer}`, { role: 'editor' }),
    'profile.change_contact': async (thief) => thief.patch('/v1/me/profile', { email: 'thief@example.com' }),
    'profile.publish': async (thief) =>
      thief.patch('/v1/me/profile', { visibility: { displayName: 'public' } }),
    'team.change': async (thief, { path }) => thief.patch(path, { description: 'Changed.' }),
    'team.create': async (thief) => thief.post('/v1/teams', { name: aTeamName() }),
    'team.delete': async (thief, { path }) => thief.delete(path),
    'team.rename': async (thief, { path }) => thief.patch(path, { name: aTeamName() }),
    'wallet.change': async (thief, { owner }) => {
      await owner.stepUp();
      const { walletId } = await linkWallet(owner, anEvmWallet());
      await endStepUp(owner);
      return thief.patch(`/v1/wallets/${walletId}`, { label: 'Mine' });
    },
    'wallet.create': async (thief) => thief.post('/v1/wallets/embedded', { chain: 'evm' }),
    'wallet.use': async (thief, { owner }) => tryAct(thief, await embed(owner), 'sign-message'),
    'team.transfer': async (thief, { path, viewer }) => thief.post(`${path}/transfer`, { userId: viewer }),
  };

  const tryAct = (thief: PersonSession, wallet: WalletBody, act: keyof typeof signable) =>
    askForAct(thief, wallet, signable[act](wallet));

  /** As the API of Xellar's clients does it for its sessions. */
  async function endStepUp({ sessionId }: PersonSession): Promise<void> {
    const past = 'UPDATE sessions SET step_up_expires_at = $2 WHERE id = $1';
    await app.database.query(past, [sessionId, app.clock.now()]);
  }

  async function sessionBy(
    attacker: Attacker,
    { owner }: Scene,
    person: Person,
    launch: string,
  ): Promise<PersonSession> {
    const { casino, demo, allowed } = place;
    const { applicationId } = demo;
    const opened = async (path: string, proof: object): Promise<SignInBody> => {
      const answer = await postTo(app, path, { applicationId, ...proof });
      expect(answer.status).toBe(200);
      return answer.body as SignInBody;
    };
    const open = async (): Promise<SignInBody> => {
      switch (attacker) {
        case 'leaked bot token':
          return opened('telegram/login-widget', { data: loginOf(app, demo, person) });
        case 'leaked vendor secret': {
          const record = aRecord(app, { telegram_id: person.id });
          expect((await register(app, casino, record)).status).toBeLessThan(300);
          return enter(app, applicationId, queryOf(record, casino.secret));
        }
        case 'operator of an allowed bot': {
          const { botId } = allowed;
          return opened('telegram/third-party-init-data', {
            botId,
            initData: app.initDataOf(allowed, person),
          });
        }
        case 'stolen access token':
          app.clock.advance(301);
          return owner;
        case 'captured launch':
          return opened('telegram/init-data', { initData: launch });
      }
    };
    const body = await open();
    expect(body.userId).toBe(owner.userId);
    return sessionOf(app, body, person, () => ({}));
  }

  /** So it is to ask for an erasure, which waits for days, and can be cancelled. */
  const isBySignIn = ({ name, isDoneByFreshSignIn }: SensitiveOperation, attacker: Attacker) =>
    (isDoneByFreshSignIn === true || name === 'account.erase') && attacker !== 'stolen access token';

  function expected(act: SensitiveOperation, attacker: Attacker): Outcome {
    const { level, needsStepUp } = act;
    // Another person may have attached the identity: the level counts for nothing, and the proof is judged.
    const isWeak = attacker === 'leaked vendor secret' || attacker === 'operator of an allowed bot';
    if (isWeak || (attacker === 'leaked bot token' && level !== 'own')) return 'auth.assurance_too_low';
    return needsStepUp && !isBySignIn(act, attacker) ? 'account.step_up_required' : 'done';
  }

  async function aStage(
    attacker: Attacker,
  ): Promise<{ readonly scene: Scene; readonly thief: PersonSession }> {
    const person = aPerson();
    const owner = await signInPerson(app, place.demo, person);
    const viewer = await signInPerson(app, place.demo);
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, viewer, 'viewer');
    const launch = app.initDataOf(place.demo, person);
    const scene = { owner, path: `/v1/teams/${teamId}`, viewer: viewer.userId };
    return { scene, thief: await sessionBy(attacker, scene, person, launch) };
  }

  async function outcomeOf(
    act: SensitiveOperation,
    { scene, thief }: Awaited<ReturnType<typeof aStage>>,
  ): Promise<string> {
    const { status, body } = (await attempts[act.name]?.(thief, scene)) ?? { status: 0, body: {} };
    return status >= 200 && status < 300 ? 'done' : ((body as { code?: string }).code ?? `${status}`);
  }

  it('of owners are done by an allowed bot in a third-party application, which may have no other', async () => {
    const { applicationId } = await app.applications.create({
      name: 'Guest',
      trust: 'third-party',
      origins: [],
    });
    const { botId, botToken } = place.allowed;
    const accepted = { provider: 'telegram', environment: 'production', botId } as const;
    await app.nest.get(AcceptedBots).allow(applicationId, accepted);
    const person = aPerson();
    const proof = { botId, initData: app.initDataOf({ applicationId, botId, botToken }, person) };
    const answer = await postTo(app, 'telegram/third-party-init-data', { applicationId, ...proof });
    const owner = sessionOf(app, answer.body as SignInBody, person, () => ({}));

    const { teamId } = await aTeam(owner);

    expect((await owner.patch(`/v1/teams/${teamId}`, { name: aTeamName() })).status).toBe(200);
  });

  it('each have an attempt', () => {
    expect(operationsInUse.all.map(({ name }) => name)).toEqual(Object.keys(attempts).toSorted());
  });

  it('that need a step-up are listed with all calls that document a grant', async () => {
    const [, section = ''] = readFileSync('docs/security.md', 'utf8').split(
      '### Acts that ask for a step-up',
    );
    const rows = section.matchAll(/^- `(?<act>[a-z_]+\.[a-z_]+)`: (?<calls>.+)$/gm);
    const listed = [...rows].map(({ groups: { act = '', calls = '' } = {} }) => ({
      act,
      calls: [...calls.matchAll(/`(?<call>[A-Z]+ [^`]+)`/g)].map(({ groups }) => groups?.['call']),
    }));
    const { paths } = inlined((await app.http.get('/openapi/public.json')).body as OpenAPIObject);
    const documented = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([, operation]) => JSON.stringify(operation).includes('"X-Step-Up-Grant"'))
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    );

    expect(listed.map(({ act }) => act).toSorted()).toEqual(
      operationsInUse.all.filter(({ needsStepUp }) => needsStepUp).map(({ name }) => name),
    );
    expect([...new Set(listed.flatMap(({ calls }) => calls))].toSorted()).toEqual(documented.toSorted());
  });

  it.each(attackers)('are done by a %s only where the table lets them', async (attacker) => {
    const found: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    let stage: Awaited<ReturnType<typeof aStage>> | undefined;
    for (const act of operationsInUse.all) {
      stage ??= await aStage(attacker);
      wanted[act.name] = expected(act, attacker);
      found[act.name] = await outcomeOf(act, stage);
      // What was refused has changed nothing.
      if (found[act.name] === 'done') stage = undefined;
    }
    expect(found).toEqual(wanted);
  });
});
