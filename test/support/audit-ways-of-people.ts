import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { aPerson, type Person, type SignInBody } from '../factories';
import { linkIdentity, mergeAccounts, settleAttachments } from './accounts';
import type { AuditRecord, Stage, Way, Ways } from './audit-trail';
import { ofOperator } from './audit-ways-of-operators';
import { aSteppedUp, walletSession } from './linked-wallets';
import { aCaller, Browser, codeVerifier } from './oidc';
import { openWeb3Launch, signInOpenWeb3, signInPerson, type PersonSession } from './person-session';
import { postTo, proofsOf, type DoorName } from './proofs';
import { aRecord, codeOf, openLink, queryOf, register } from './rapidpace';
import { askToJoin, launchedToJoin, steppedUpFor, withGrant } from './relaunch';
import type { Demo } from './test-app';
import { anEvmWallet, aWalletSite, walletProof } from './wallets';

type DoorPath = DoorName | 'exchange';

/** Fresh proofs of a person, as a page presents them. */
const presented: Readonly<Record<DoorPath, (stage: Stage, person: Person) => object | Promise<object>>> = {
  'telegram/init-data': ({ app, demo }, person) => proofsOf['telegram/init-data'](app, demo, person),
  'telegram/third-party-init-data': ({ app, demo }, person) =>
    proofsOf['telegram/third-party-init-data'](app, demo, person),
  'telegram/login-widget': ({ app, demo }, person) => proofsOf['telegram/login-widget'](app, demo, person),
  'openweb3/init-data': ({ app, im }, person) => proofsOf['openweb3/init-data'](app, im, person),
  exchange: async ({ app, oidc, demo }, person) => {
    oidc.nextPerson = aCaller(person);
    const landing = await new Browser(app).logIn(demo);
    return { code: landing.searchParams.get('code') ?? '', codeVerifier };
  },
};

/** What the audit trail says of a proof, besides the bot. */
const witnesses: Readonly<Record<DoorPath, Readonly<Record<string, string>>>> = {
  'telegram/init-data': { provider: 'telegram', environment: 'production', assurance: 'platform' },
  'telegram/third-party-init-data': {
    provider: 'telegram',
    environment: 'production',
    assurance: 'platform',
  },
  'telegram/login-widget': { provider: 'telegram', environment: 'production', assurance: 'bot-token' },
  'openweb3/init-data': { provider: 'openweb3', environment: 'production', assurance: 'bot-token' },
  exchange: { provider: 'telegram', environment: 'production', assurance: 'platform' },
};

/** A sign-in of a person at a door, ready to be sent. */
export async function aSignIn(
  stage: Stage,
  door: DoorPath,
  person: Person,
): Promise<() => Promise<SignInBody>> {
  const { applicationId } = stage.demo;
  const body = { applicationId, ...(await presented[door](stage, person)) };
  return async () => {
    const answer = await postTo(stage.app, door, body);
    expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: 200 });
    return answer.body as SignInBody;
  };
}

/** The record of a sign-in at a door. */
export async function ofSignIn(
  stage: Stage,
  action: AuditRecord['action'],
  door: DoorPath,
  session: SignInBody,
): Promise<AuditRecord> {
  const { botId } = door === 'openweb3/init-data' ? stage.im : stage.demo;
  return {
    action,
    actor: await stage.pseudonymOf(session),
    subject: session.sessionId,
    applicationId: stage.demo.applicationId,
    details: { ...witnesses[door], botId },
  };
}

const doorNames = Object.keys(presented) as DoorPath[];

/** The ways of an action that are the doors of a sign-in. */
export function everyDoor(wayOf: (door: DoorPath) => Way): Readonly<Record<string, Way>> {
  return Object.fromEntries(doorNames.map((door) => [`by ${door}`, wayOf(door)]));
}

/** The record of what a session did in an application. */
export function ofSession(
  action: AuditRecord['action'],
  { sessionId }: SignInBody,
  { applicationId }: Pick<Demo, 'applicationId'>,
  { subject = null, details = {} }: Partial<AuditRecord> = {},
): AuditRecord {
  return { action, actor: `session:${sessionId}`, subject, applicationId, details };
}

/** Creating a person without a session of theirs. */
async function ofNewUser(
  stage: Stage,
  userId: string,
  applicationId: string,
  assurance: string,
): Promise<AuditRecord> {
  return {
    action: 'user.created',
    actor: await stage.pseudonymOf({ userId }),
    subject: null,
    applicationId,
    details: { provider: 'telegram', environment: 'production', assurance },
  };
}

/** What the audit trail says of a session that was stepped up with the bot that opened it. */
function sessionTrail({ demo: { botId } }: Pick<Stage, 'demo'>): Readonly<Record<string, string>> {
  const bot = `telegram/production/${botId}`;
  return { sessionAssurance: 'platform', sessionBot: bot, stepUpAssurance: 'platform', stepUpBot: bot };
}

/** What it says of a session whose sign-in brought the grant. */
function grantTrail(
  { demo, im }: Stage,
  provider: 'telegram' | 'openweb3',
  assurance = provider === 'telegram' ? 'platform' : 'bot-token',
): Readonly<Record<string, string>> {
  const sessionBot = `${provider}/production/${(provider === 'telegram' ? demo : im).botId}`;
  return { sessionAssurance: assurance, sessionBot, stepUpAssurance: assurance };
}

async function steppedUp(session: PersonSession): Promise<PersonSession> {
  expect((await session.stepUp()).status).toBe(200);
  return session;
}

async function anAttachedIdentity({ app, demo, im }: Stage): Promise<string> {
  const person = aPerson();
  const launch = openWeb3Launch(app, im, person);
  const identityId = await linkIdentity(app, demo, await signInPerson(app, demo), { person, launch });
  // A younger one is separated instead.
  await settleAttachments(app);
  return identityId;
}

/** A command about the account of a new person, and what the record says of its answer. */
function byCommand(
  action: AuditRecord['action'],
  words: (userId: string) => string,
  detailsOf: (answer: Record<string, string>) => AuditRecord['details'],
): Way {
  return async ({ app, countersign, demo, cli, pseudonymOf }) => {
    const session = await app.signIn(demo);
    return cli(async () => {
      const answer = await countersign.json<Record<string, string>>(words(session.userId));
      const subject = await pseudonymOf(session);
      return [ofOperator(action, null, { subject, details: detailsOf(answer) })];
    });
  };
}

export const waysOfPeople: Ways<
  | 'user.created'
  | 'user.status_changed'
  | 'user.join_requested'
  | 'user.join_ended'
  | 'user.merged'
  | 'user.separated'
  | 'user.looked_up'
  | 'user.revealed'
  | 'user.exported'
  | 'user.erasure_requested'
  | 'user.erasure_cancelled'
  | 'user.erased'
  | 'identity.unlinked'
  | 'identity.contact_added'
  | 'profile.changed'
  | 'identity.confirmed'
  | 'identity.detached'
> = {
  'user.created': {
    ...everyDoor((door) => async (stage) => {
      const signIn = await aSignIn(stage, door, aPerson());
      return stage.http(async () => [await ofSignIn(stage, 'user.created', door, await signIn())]);
    }),
    'by a link of Rapidpace': async (stage) => {
      const { app, casino } = stage;
      const { applicationId } = casino;
      const code = codeOf(await openLink(app, applicationId, queryOf(aRecord(app), casino.secret)));
      return stage.http(async () => {
        const session = (await postTo(app, 'exchange', { applicationId, code })).body as SignInBody;
        const record = await ofNewUser(stage, session.userId, applicationId, 'vendor');
        return [{ ...record, subject: session.sessionId }];
      });
    },
    'by a registration of Rapidpace, without a session': async (stage) =>
      stage.http(async () => {
        const { body } = await register(stage.app, stage.casino, aRecord(stage.app));
        const { userId } = body as { userId: string };
        return [await ofNewUser(stage, userId, stage.casino.applicationId, 'vendor')];
      }),
  },
  'user.status_changed': {
    'to deactivated, which ends the sessions': byCommand(
      'user.status_changed',
      (userId) => `user deactivate ${userId}`,
      () => ({ status: 'deactivated' }),
    ),
  },
  'user.join_requested': {
    'by its person': async (stage) => {
      const { app, demo, http } = stage;
      const second = await steppedUpFor(app, demo, await signInPerson(app, demo), 'account.join');
      return http(async () => {
        const { status, body } = await withGrant(second.post('/v1/me/joins'), second.grant);
        expect(status).toBe(201);
        const { joinId: subject } = body as { joinId: string };
        const details = grantTrail(stage, 'telegram');
        return [ofSession('user.join_requested', second, demo, { subject, details })];
      });
    },
  },
  'user.join_ended': {
    'by the person who asked': async ({ app, demo, http }) => {
      const second = await steppedUpFor(app, demo, await signInPerson(app, demo), 'account.join');
      const { body } = await withGrant(second.post('/v1/me/joins'), second.grant);
      const { joinId: subject } = body as { joinId: string };
      return http(async () => {
        expect((await second.delete(`/v1/me/joins/${subject}`)).status).toBe(204);
        const details = { outcome: 'withdrawn' };
        return [ofSession('user.join_ended', second, demo, { subject, details })];
      });
    },
    'by the third wrong number': async ({ app, demo, http }) => {
      const { joinId: subject, code, number } = await askToJoin(app, demo, await signInPerson(app, demo));
      const asked = await launchedToJoin(app, demo, aPerson(), code);
      const wrong = { number: number === 99 ? 98 : number + 1 };
      const accept = () => withGrant(asked.post(`/v1/joins/${code}/accept`, wrong), asked.grant);
      expect([(await accept()).status, (await accept()).status]).toEqual([403, 403]);
      return http(async () => {
        expect((await accept()).status).toBe(403);
        const details = { outcome: 'failed' };
        return [ofSession('user.join_ended', asked, demo, { subject, details })];
      });
    },
  },
  'user.merged': {
    'with the sessions of the account that is gone': async (stage) => {
      const { app, demo, im, http } = stage;
      const [survivor, loser] = [await signInPerson(app, demo), await signInOpenWeb3(app, im)];
      await signInOpenWeb3(app, im, loser.person);
      app.clock.advance(1);
      const { joinId, code, number } = await askToJoin(app, demo, survivor);
      const second = await launchedToJoin(app, demo, loser, code);
      const [actor, subject] = [await stage.pseudonymOf(survivor), await stage.pseudonymOf(loser)];
      return http(async () => {
        const accepted = withGrant(second.post(`/v1/joins/${code}/accept`, { number }), second.grant);
        expect((await accepted).status).toBe(200);
        const details = { joinId, ...grantTrail(stage, 'openweb3'), endedSessions: '3' };
        return [{ action: 'user.merged', actor, subject, applicationId: demo.applicationId, details }];
      });
    },
    'by the answer of a wallet': async (stage) => {
      const { app, http } = stage;
      const demo = await aWalletSite(app);
      const [survivor, wallet] = [await aSteppedUp(app, demo), anEvmWallet()];
      const loser = await walletSession(app, demo, wallet);
      const [actor, subject] = [await stage.pseudonymOf(survivor), await stage.pseudonymOf(loser)];
      const proof = await walletProof(survivor, wallet, 'merge');
      return http(async () => {
        expect((await survivor.post('/v1/me/merges', proof)).status).toBe(200);
        const witness = { provider: 'ethereum', environment: 'production', assurance: 'platform' };
        const details = { ...witness, ...sessionTrail({ demo }), endedSessions: '1' };
        return [{ action: 'user.merged', actor, subject, applicationId: demo.applicationId, details }];
      });
    },
  },
  'user.separated': {
    'by an identity that came with the account': async (stage) => {
      const { app, demo, http } = stage;
      const [survivor, loser] = [await signInPerson(app, demo), await signInPerson(app, demo)];
      const [from, subject] = [await stage.pseudonymOf(survivor), await stage.pseudonymOf(loser)];
      await mergeAccounts(app, demo, survivor, loser);
      const session = await signInPerson(app, demo, loser.person);
      const { body } = await session.get('/v1/me/joins/separable');
      const [join] = (body as { items: readonly { joinId: string }[] }).items;
      return http(async () => {
        const answer = await session.post('/v1/me/separations', { joinId: join?.joinId });
        expect(answer.status).toBe(200);
        const details = { from, endedSessions: '1' };
        return [ofSession('user.separated', session, demo, { subject, details })];
      });
    },
    'by an operator': async (stage) => {
      const { app, demo, cli, countersign } = stage;
      const [survivor, loser] = [await signInPerson(app, demo), await signInPerson(app, demo)];
      const [from, subject] = [await stage.pseudonymOf(survivor), await stage.pseudonymOf(loser)];
      const { body } = await loser.get('/v1/me/identities');
      const [identity] = (body as { items: readonly { identityId: string }[] }).items;
      await mergeAccounts(app, demo, survivor, loser);
      return cli(async () => {
        await countersign.json(`identity detach ${identity?.identityId}`);
        const details = { from, endedSessions: '0' };
        return [ofOperator('user.separated', null, { subject, details })];
      });
    },
  },
  'user.looked_up': {
    'by an id of the account, which is not named': byCommand(
      'user.looked_up',
      (userId) => `user find --user ${userId}`,
      () => ({ by: 'userId', isFound: 'true' }),
    ),
  },
  'user.revealed': {
    'with the names of the fields': byCommand(
      'user.revealed',
      (userId) => `user reveal ${userId} --field identity.username --reason ticket-7`,
      () => ({ fields: 'identity.username', reason: 'ticket-7' }),
    ),
  },
  'user.exported': {
    'by its person': async (stage) => {
      const { app, demo, http } = stage;
      const session = await steppedUp(await signInPerson(app, demo));
      const subject = await stage.pseudonymOf(session);
      return http(async () => {
        expect((await session.get('/v1/me/export')).status).toBe(200);
        const details = sessionTrail(stage);
        return [ofSession('user.exported', session, demo, { subject, details })];
      });
    },
  },
  'user.erasure_requested': {
    'by its person': async (stage) => {
      const { app, demo, http } = stage;
      const session = await steppedUp(await signInPerson(app, demo));
      const subject = await stage.pseudonymOf(session);
      return http(async () => {
        const answer = await session.delete(`/v1/me?confirm=${session.userId}`);
        const { erasesAt } = answer.body as { erasesAt: string };
        const details = { erasesAt, ...sessionTrail(stage), endedSessions: '1' };
        return [ofSession('user.erasure_requested', session, demo, { subject, details })];
      });
    },
    'by an operator': byCommand(
      'user.erasure_requested',
      (userId) => `user erase ${userId} --reason ticket-7`,
      ({ erasesAt = '' }) => ({ erasesAt, reason: 'ticket-7', endedSessions: '1' }),
    ),
  },
  'user.erasure_cancelled': {
    'by a fresh proof of its person': async (stage) => {
      const { app, demo, http } = stage;
      const session = await steppedUp(await signInPerson(app, demo));
      await session.delete(`/v1/me?confirm=${session.userId}`);
      const actor = await stage.pseudonymOf(session);
      return http(async () => {
        const next = await app.signIn(demo, session.person, { cancelErasure: true });
        const details = { ...witnesses['telegram/init-data'], botId: demo.botId };
        return [
          {
            action: 'user.erasure_cancelled',
            actor,
            subject: actor,
            applicationId: demo.applicationId,
            details,
          },
          await ofSignIn(stage, 'session.opened', 'telegram/init-data', next),
        ];
      });
    },
  },
  'user.erased': {
    'when its time has come': async (stage) => {
      const { app, demo, http } = stage;
      const session = await steppedUp(await signInPerson(app, demo));
      const subject = await stage.pseudonymOf(session);
      await session.delete(`/v1/me?confirm=${session.userId}`);
      return http(async () => {
        await app.nest
          .get(ErasureCompletion)
          .complete(session.userId, new Date(app.clock.now().getTime() + 8 * DAY));
        const details = { reason: 'person' };
        return [{ action: 'user.erased', actor: 'system', subject, applicationId: null, details }];
      });
    },
  },
  'identity.unlinked': {
    'with the session that it opened': async (stage) => {
      const { app, demo, im, http } = stage;
      const [session, other] = [await steppedUp(await signInPerson(app, demo)), aPerson()];
      const launch = openWeb3Launch(app, im, other);
      const subject = await linkIdentity(app, demo, session, { person: other, launch });
      expect((await signInOpenWeb3(app, im, other)).userId).toBe(session.userId);
      await settleAttachments(app);
      return http(async () => {
        expect((await session.delete(`/v1/me/identities/${subject}`)).status).toBe(204);
        const details = { ...sessionTrail(stage), endedSessions: '1' };
        return [ofSession('identity.unlinked', session, demo, { subject, details })];
      });
    },
    'with the merge that brought it': async (stage) => {
      const { app, demo, http } = stage;
      const [survivor, loser] = [await signInPerson(app, demo), await signInPerson(app, demo)];
      const [from, separated] = [await stage.pseudonymOf(survivor), await stage.pseudonymOf(loser)];
      const { body } = await loser.get('/v1/me/identities');
      const [identity] = (body as { items: readonly { identityId: string }[] }).items;
      await mergeAccounts(app, demo, survivor, loser);
      const [session, subject] = [await steppedUp(survivor), identity?.identityId ?? ''];
      return http(async () => {
        expect((await session.delete(`/v1/me/identities/${subject}`)).status).toBe(204);
        const details = { ...sessionTrail(stage), endedSessions: '0' };
        return [
          ofSession('user.separated', session, demo, {
            subject: separated,
            details: { from, endedSessions: '0' },
          }),
          ofSession('identity.unlinked', session, demo, { subject, details }),
        ];
      });
    },
  },
  'identity.detached': {
    'by an operator': async (stage) => {
      const { cli, countersign } = stage;
      const subject = await anAttachedIdentity(stage);
      return cli(async () => {
        const split = await countersign.json<{ userId: string }>(`identity detach ${subject}`);
        const details = { into: await stage.pseudonymOf(split), endedSessions: '0' };
        return [ofOperator('identity.detached', null, { subject, details })];
      });
    },
  },
  'identity.confirmed': {
    'by an operator': async (stage) => {
      const { cli, countersign } = stage;
      const subject = await anAttachedIdentity(stage);
      return cli(async () => {
        await countersign.json(`identity confirm ${subject}`);
        return [ofOperator('identity.confirmed', null, { subject })];
      });
    },
  },
  'identity.contact_added': {
    'to the identity that shared it': async ({ app, demo, http }) => {
      const session = await signInPerson(app, demo);
      const { items } = (await session.get('/v1/me/identities')).body as { items: { identityId: string }[] };
      const contact = app.telegram.signContact({
        botToken: demo.botToken,
        userId: session.person.id,
        phoneNumber: '+4930123456',
        firstName: 'Ada',
        authDate: app.clock.now(),
      });
      return http(async () => {
        expect((await session.post('/v1/me/contact', { contact })).status).toBe(204);
        const [{ identityId: subject } = { identityId: null }] = items;
        return [ofSession('identity.contact_added', session, demo, { subject })];
      });
    },
  },
  'profile.changed': {
    'with the names of the fields, and none of their values': async ({ app, demo, http }) => {
      const session = await signInPerson(app, demo);
      return http(async () => {
        const patch = { displayName: 'Ada', email: 'ada@example.com', preferences: { theme: 'dark' } };
        expect((await session.patch('/v1/me/profile', patch)).status).toBe(200);
        const details = { fields: 'displayName email preferences' };
        return [ofSession('profile.changed', session, demo, { details })];
      });
    },
  },
};
