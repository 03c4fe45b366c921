import { ApplicationsService, BotsService } from '@countersign/applications';
import { RingCheck } from '@countersign/keys';
import { aBotToken } from '../../factories';
import type { Countersign } from '../../support/run-countersign';

export interface Application {
  readonly applicationId: string;
  readonly botToken: string;
}

/** Makes an application with a bot, before the service runs. */
export async function anApplication(countersign: Countersign, settings: object): Promise<Application> {
  const services = await countersign.services();
  await services.get(RingCheck).verify();
  const applications = services.get(ApplicationsService);
  const created = await applications.create({ name: 'Test', trust: 'first-party', origins: [] });
  const [{ applicationId }, botToken] = [created, aBotToken()];
  await services.get(ApplicationsService).change(applicationId, { settings });
  await services.get(BotsService).add({
    ...{ applicationId, provider: 'telegram', environment: 'production' },
    ...{ username: 'test_bot', token: botToken },
  });
  return { applicationId, botToken };
}
