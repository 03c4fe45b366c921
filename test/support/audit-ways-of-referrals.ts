import { type SignInBody } from '../factories';
import type { AuditRecord, Stage, Ways } from './audit-trail';
import { signInPerson } from './person-session';
import { codeOf, postLaunch, withReferrals } from './referrals';
import type { Demo } from './test-app';

/** An application with referrals, and the code of a person who uses it. */
async function aReferrerOf({ app }: Stage): Promise<{ game: Demo; code: string; referrer: SignInBody }> {
  const game = await app.createApplication(withReferrals());
  const referrer = await signInPerson(app, game);
  return { game, code: await codeOf(referrer), referrer };
}

async function ofBinding(
  { pseudonymOf }: Stage,
  { applicationId }: Demo,
  [session, referrer]: readonly [Pick<SignInBody, 'userId'>, Pick<SignInBody, 'userId'>],
  source: string,
): Promise<AuditRecord> {
  return {
    action: 'referral.bound',
    actor: await pseudonymOf(session),
    subject: await pseudonymOf(referrer),
    applicationId,
    details: { source },
  };
}

async function ofNewPerson(
  { pseudonymOf }: Stage,
  { applicationId, botId }: Demo,
  session: SignInBody,
): Promise<AuditRecord> {
  const { assurance } = session;
  return {
    action: 'user.created',
    actor: await pseudonymOf(session),
    subject: session.sessionId,
    applicationId,
    details: { provider: 'telegram', environment: 'production', assurance, botId },
  };
}

export const waysOfReferrals = {
  'referral.bound': {
    'by a start parameter': async (stage) => {
      const { app, http } = stage;
      const { game, code, referrer } = await aReferrerOf(stage);
      return http(async () => {
        const session = (await postLaunch(app, game, `r_${code}`)).body as SignInBody;
        return [
          await ofNewPerson(stage, game, session),
          await ofBinding(stage, game, [session, referrer], 'start-param'),
        ];
      });
    },
  },
} satisfies Partial<Ways>;
