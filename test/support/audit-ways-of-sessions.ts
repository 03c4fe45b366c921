import { aPerson, times, type SignInBody } from '../factories';
import type { AuditRecord, Ways } from './audit-trail';
import { systemOperator } from './audit-ways-of-operators';
import { aSignIn, ofSession, ofSignIn } from './audit-ways-of-people';
import { Device, INIT_DATA_DOOR } from './device-key';
import { aConfidentialApplication, revoke } from './oauth';
import { signInOpenWeb3, signInPerson } from './person-session';
import { postTo, proofsOf } from './proofs';
import { steppedUpFor } from './relaunch';

const MAX_SESSIONS = 10;

function ended({ sessionId }: SignInBody, reason: string, actor: string, applicationId: string): AuditRecord {
  return { action: 'session.ended', actor, subject: sessionId, applicationId, details: { reason } };
}

export const waysOfSessions: Ways<
  'session.opened' | 'session.reentered' | 'session.reentry_refused' | 'session.stepped_up' | 'session.ended'
> = {
  'session.opened': {
    'in the place of the oldest, which makes room': async (stage) => {
      const { app, demo, http } = stage;
      const person = aPerson();
      const oldest = await app.signIn(demo, person);
      app.clock.advance(1);
      for (const open of times(MAX_SESSIONS - 1, () => () => app.signIn(demo, person))) await open();
      const signIn = aSignIn(stage, person);
      return http(async () => [
        await ofSignIn(stage, 'session.opened', await signIn()),
        ended(oldest, 'evicted', 'system', demo.applicationId),
      ]);
    },
  },
  'session.reentered': {
    'by its own proof, later': async (stage) => {
      const signIn = aSignIn(stage, aPerson());
      const { sessionId } = await signIn();
      stage.app.clock.advance(10);
      return stage.http(async () => {
        const session = await signIn();
        expect(session.sessionId).toBe(sessionId);
        return [await ofSignIn(stage, 'session.reentered', session)];
      });
    },
  },
  'session.reentry_refused': {
    'to a proof without the key that the session is bound to': async (stage) => {
      const { app, demo, http } = stage;
      const { applicationId } = demo;
      const body = { applicationId, initData: app.initDataOf(demo) };
      const device = new Device(app, undefined, `http://127.0.0.1:${app.port}`);
      const session = (await device.enter(INIT_DATA_DOOR, body)).body as SignInBody;
      return http(async () => {
        expect((await app.postSignIn(body)).status).toBe(401);
        return [await ofSignIn(stage, 'session.reentry_refused', session)];
      });
    },
  },
  'session.stepped_up': {
    'with Telegram': async ({ app, demo, http }) => {
      const bot = `telegram/production/${demo.botId}`;
      const session = await signInPerson(app, demo);
      return http(async () => {
        expect((await session.stepUp()).status).toBe(200);
        const details = {
          provider: 'telegram',
          environment: 'production',
          assurance: 'platform',
          botId: demo.botId,
          sessionAssurance: 'platform',
          sessionBot: bot,
        };
        const subject = session.sessionId;
        return [ofSession('session.stepped_up', session, demo, { subject, details })];
      });
    },
    'with OpenWeb3, for one act': async (stage) => {
      const { app, im } = stage;
      const session = await signInOpenWeb3(app, im);
      return stage.http(async () => {
        const second = await steppedUpFor(app, im, session, 'account.export');
        const opened = await ofSignIn(stage, 'session.opened', second, im);
        const details = { ...opened.details, act: 'account.export' };
        return [opened, { ...opened, action: 'session.stepped_up', details }];
      });
    },
  },
  'session.ended': {
    'by the first proof that the platform signed': async (stage) => {
      const { app, demo, http } = stage;
      const person = aPerson();
      const proof = proofsOf['telegram/login-widget'](app, demo, person);
      const login = { applicationId: demo.applicationId, ...proof };
      const forged = (await postTo(app, 'telegram/login-widget', login)).body as SignInBody;
      return http(async () => {
        const genuine = await app.signIn(demo, person);
        return [
          await ofSignIn(stage, 'session.opened', genuine),
          ended(forged, 'outranked', 'system', demo.applicationId),
        ];
      });
    },
    'by logout': async ({ app, demo, http }) => {
      const session = await signInPerson(app, demo);
      return http(async () => {
        expect((await session.post('/v1/auth/logout')).status).toBe(204);
        return [ended(session, 'logout', `session:${session.sessionId}`, demo.applicationId)];
      });
    },
    'with all of its person, each in its application': async ({ app, demo, http }) => {
      const session = await signInPerson(app, demo);
      for (const game of [demo, await app.createApplication()]) await app.signIn(game, session.person);
      return http(async () => {
        expect((await session.delete('/v1/me/sessions?all=true')).status).toBe(204);
        const details = { reason: 'ended-all', count: '3' };
        return [ofSession('session.ended', session, demo, { details })];
      });
    },
    'by an operator': async ({ app, countersign, demo, cli }) => {
      const session = await app.signIn(demo);
      return cli(async () => {
        await countersign.json(`session end ${session.sessionId}`);
        return [ended(session, 'revoked', systemOperator, demo.applicationId)];
      });
    },
    'by a server of the application': async ({ app, http }) => {
      const game = await aConfidentialApplication(app);
      const { applicationId } = game;
      const session = await app.signIn(game);
      return http(async () => {
        expect((await revoke(app, game, session.refreshToken)).status).toBe(200);
        return [ended(session, 'revoked', `application:${applicationId}`, applicationId)];
      });
    },
  },
};
