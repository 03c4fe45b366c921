import { ErasureCompletion } from '@countersign/account';
import { contactOf } from './proofs';
import { DAY } from '@countersign/runtime';
import { aPerson, type Person, type SignInBody } from '../factories';
import { linkIdentity, mergeAccounts, settleAttachments } from './accounts';
import type { AuditRecord, Stage, Way, Ways } from './audit-trail';
import { ofOperator } from './audit-ways-of-operators';
import { openWeb3Launch, signInOpenWeb3, signInPerson, type PersonSession } from './person-session';
import { aRecord, register } from './rapidpace';
import { askToJoin, launchedToJoin, steppedUpFor, withGrant } from './relaunch';
import type { Demo } from './test-app';

/** A sign-in of a person with init data, ready to be sent. */
export function aSignIn({ app, demo }: Stage, person: Person): () => Promise<SignInBody> {
  const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo, person) };
  return async () => {
    const answer = await app.postSignIn(body);
    expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: 200 });
    return answer.body as SignInBody;
  };
}

/** The record of a sign-in with init data, of Telegram or of the OpenWeb3 bot. */
export async function ofSignIn(
  { demo, im, pseudonymOf }: Stage,
  action: AuditRecord['action'],
  session: SignInBody,
  { botId }: Pick<Demo, 'botId'> = demo,
): Promise<AuditRecord> {
  const proof =
    botId === im.botId
      ? { provider: 'openweb3', assurance: 'bot-token' }
      : { provider: 'telegram', assurance: 'platform' };
  return {
    action,
    actor: await pseudonymOf(session),
    subject: session.sessionId,
    applicationId: demo.applicationId,
    details: { ...proof, environment: 'production', botId },
  };
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

/** What the audit trail says of a session that was stepped up with the bot that opened it. */
function sessionTrail({ demo: { botId } }: Pick<Stage, 'demo'>): Readonly<Record<string, string>> {
  const bot = `telegram/production/${botId}`;
  return { sessionAssurance: 'platform', sessionBot: bot, stepUpAssurance: 'platform', stepUpBot: bot };
}

/** What it says of a session whose sign-in brought the grant. */
function grantTrail(
  { demo, im }: Stage,
  provider: 'telegram' | 'openweb3',
): Readonly<Record<string, string>> {
  const assurance = provider === 'telegram' ? 'platform' : 'bot-token';
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
    'by init data': async (stage) => {
      const signIn = aSignIn(stage, aPerson());
      return stage.http(async () => [await ofSignIn(stage, 'user.created', await signIn())]);
    },
    'by a registration of Rapidpace, without a session': async (stage) =>
      stage.http(async () => {
        const { body } = await register(stage.app, stage.casino, aRecord(stage.app));
        const actor = await stage.pseudonymOf(body as { userId: string });
        const { applicationId } = stage.casino;
        const details = { provider: 'telegram', environment: 'production', assurance: 'vendor' };
        return [{ action: 'user.created', actor, subject: null, applicationId, details }];
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
        return [
          { ...(await ofSignIn(stage, 'user.erasure_cancelled', next)), subject: actor },
          await ofSignIn(stage, 'session.opened', next),
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
      const contact = contactOf(app, demo, session.person);
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
