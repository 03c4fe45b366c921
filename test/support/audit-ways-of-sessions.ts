import { aPerson, times, type Person, type SignInBody } from '../factories';
import type { AuditRecord, Way, Ways } from './audit-trail';
import { systemOperator } from './audit-ways-of-operators';
import { aSignIn, everyDoor, ofSession, ofSignIn } from './audit-ways-of-people';
import { Device, INIT_DATA_DOOR } from './device-key';
import { aConfidentialApplication, revoke } from './oauth';
import { signInOpenWeb3, signInPerson } from './person-session';
import { aRapidpaceApplication, aRecord, enter, queryOf } from './rapidpace';
import { steppedUpFor } from './relaunch';
import type { Demo, TestApp } from './test-app';

const MAX_SESSIONS = 10;

/** The end of a session. */
function ended({ sessionId }: SignInBody, reason: string, actor: string, applicationId: string): AuditRecord {
  return { action: 'session.ended', actor, subject: sessionId, applicationId, details: { reason } };
}

/** A session whose bot's token is all that vouches for it. */
async function signInByHash(app: TestApp, game: Demo, person: Person = aPerson()): Promise<SignInBody> {
  const { applicationId } = game;
  const initData = app.initDataOf(game, person, { omitSignature: true });
  return (await app.postSignIn({ applicationId, initData })).body as SignInBody;
}

const authorization = ({ accessToken }: SignInBody) => ({ authorization: `Bearer ${accessToken}` });

const loggingOut: Way = async ({ app, demo, http }) => {
  const session = await app.signIn(demo);
  return http(async () => {
    expect((await app.http.post('/v1/auth/logout').set(authorization(session))).status).toBe(204);
    return [ended(session, 'logout', `session:${session.sessionId}`, demo.applicationId)];
  });
};

/** The end of a person's two sessions at once, by one of them. */
const endingAll =
  (query: string, count: string): Way =>
  async ({ app, demo, http }) => {
    const session = await signInPerson(app, demo);
    for (const game of [demo, await app.createApplication()]) await app.signIn(game, session.person);
    return http(async () => {
      expect((await session.delete(`/v1/me/sessions${query}`)).status).toBe(204);
      const details = { reason: 'ended-all', count };
      return [ofSession('session.ended', session, demo, { details })];
    });
  };

/** Sessions that an operator ends by a command about all of them. */
const waysOfRevocation: Readonly<Record<string, Way>> = {
  'by an operator, one': async ({ app, countersign, demo, cli }) => {
    const session = await app.signIn(demo);
    return cli(async () => {
      await countersign.json(`session end ${session.sessionId}`);
      return [ended(session, 'revoked', systemOperator, demo.applicationId)];
    });
  },
  'by an operator, those of a user': async ({ app, countersign, demo, cli }) => {
    const person = aPerson();
    const sessions = [await app.signIn(demo, person), await app.signIn(demo, person)];
    return cli(async () => {
      await countersign.json(`user end-sessions ${sessions[0]?.userId ?? ''}`);
      return sessions.map((session) => ended(session, 'revoked', systemOperator, demo.applicationId));
    });
  },
  'by an operator, those that rest on the token of a bot': async ({ app, countersign, cli }) => {
    const game = await app.createApplication({ bot: { signaturePolicy: 'optional' } });
    const sessions = [await signInByHash(app, game), await signInByHash(app, game)];
    // Telegram itself vouches for this one.
    await app.signIn(game);
    return cli(async () => {
      await countersign.json(
        `session revoke --bot-id ${game.botId} --provider telegram --environment production --since 2020-01-01T00:00:00Z`,
      );
      return sessions.map((session) => ended(session, 'revoked', systemOperator, game.applicationId));
    });
  },
  'by an operator, those that rest on the word of a vendor': async ({ app, countersign, cli }) => {
    const { applicationId, secret } = await aRapidpaceApplication(app);
    const session = await enter(app, applicationId, queryOf(aRecord(app), secret));
    return cli(async () => {
      await countersign.json(`session revoke --vendor-of ${applicationId} --since 2020-01-01T00:00:00Z`);
      return [ended(session, 'revoked', systemOperator, applicationId)];
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
};

/** What happens to sessions. */
export const waysOfSessions: Ways<
  'session.opened' | 'session.reentered' | 'session.reentry_refused' | 'session.stepped_up' | 'session.ended'
> = {
  'session.opened': {
    ...everyDoor((door) => async (stage) => {
      const person = aPerson();
      await (
        await aSignIn(stage, door, person)
      )();
      const again = await aSignIn(stage, door, person);
      return stage.http(async () => [await ofSignIn(stage, 'session.opened', door, await again())]);
    }),
    'in the place of the oldest, which makes room': async (stage) => {
      const { app, demo, http } = stage;
      const person = aPerson();
      const oldest = await app.signIn(demo, person);
      app.clock.advance(1);
      for (const open of times(MAX_SESSIONS - 1, () => () => app.signIn(demo, person))) await open();
      const signIn = await aSignIn(stage, 'telegram/init-data', person);
      return http(async () => [
        await ofSignIn(stage, 'session.opened', 'telegram/init-data', await signIn()),
        ended(oldest, 'evicted', 'system', demo.applicationId),
      ]);
    },
  },
  'session.reentered': {
    'by its own proof, later': async (stage) => {
      const signIn = await aSignIn(stage, 'telegram/init-data', aPerson());
      const { sessionId } = await signIn();
      stage.app.clock.advance(10);
      return stage.http(async () => {
        const session = await signIn();
        expect(session.sessionId).toBe(sessionId);
        return [await ofSignIn(stage, 'session.reentered', 'telegram/init-data', session)];
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
        return [await ofSignIn(stage, 'session.reentry_refused', 'telegram/init-data', session)];
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
        const opened = await ofSignIn(stage, 'session.opened', 'openweb3/init-data', second);
        const details = { ...opened.details, act: 'account.export' };
        return [opened, { ...opened, action: 'session.stepped_up', details }];
      });
    },
  },
  'session.ended': {
    'by the first proof that the platform signed': async (stage) => {
      const { app, demo, http } = stage;
      const person = aPerson();
      const signIn = await aSignIn(stage, 'telegram/login-widget', person);
      const forged = await signIn();
      return http(async () => {
        const genuine = await app.signIn(demo, person);
        return [
          await ofSignIn(stage, 'session.opened', 'telegram/init-data', genuine),
          ended(forged, 'outranked', 'system', demo.applicationId),
        ];
      });
    },
    'by logout': loggingOut,
    'with all others of its person': endingAll('', '2'),
    'with all of its person': endingAll('?all=true', '3'),
    'when a refresh token comes back that was used': async ({ app, demo, http }) => {
      const session = await app.signIn(demo);
      const { accessToken } = (await app.refresh(session.refreshToken)).body as SignInBody;
      await app.getMe(accessToken).expect(200);
      app.clock.advance(11);
      return http(async () => {
        expect((await app.refresh(session.refreshToken)).status).toBe(401);
        return [ended(session, 'refresh-reuse', 'system', demo.applicationId)];
      });
    },
    ...waysOfRevocation,
  },
};
