import { randomBytes } from 'node:crypto';
import { ApplicationsService } from '@countersign/applications';
import { RedirectCodes } from '@countersign/auth';
import type { Person } from '../factories';
import type { Demo, TestApp } from './test-app';
import { type LoginMethod } from '@countersign/sessions';

/** The body of an exchange: the code that Log In With Telegram ends in. `support/oidc` walks the whole login. */
export async function aLoginCode(
  app: TestApp,
  { applicationId, botId }: Demo,
  person: Person,
  madeAt = app.clock.now(),
): Promise<{ readonly code: string }> {
  const { bots } = await app.nest.get(ApplicationsService).getBots(applicationId);
  const bot = bots.find((one) => one.provider === 'telegram' && one.botId === botId);
  if (!bot) throw new Error('the application has no such bot');
  const code = await app.nest.get(RedirectCodes).issue(
    {
      provider: 'telegram',
      environment: bot.environment,
      subject: String(person.id),
      applicationId,
      botId,
      botRowId: bot.id,
      profile: {},
      hints: {},
      alias: null,
      madeAt,
      startParam: null,
      proofId: randomBytes(32),
      secret: randomBytes(32),
      assurance: 'platform',
      door: 'telegram-oidc' as LoginMethod,
    },
    null,
  );
  return { code };
}
