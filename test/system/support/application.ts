import { aBotToken } from '../../factories';
import type { Countersign } from '../../support/run-countersign';

export interface Application {
  readonly applicationId: string;
  readonly botToken: string;
}

/** Makes an application with a bot, by the CLI. */
export async function anApplication(countersign: Countersign, settings: object): Promise<Application> {
  const botToken = aBotToken();
  const { applicationId } = await countersign.json<Application>('application create --name Test');
  await countersign.run(`application set ${applicationId} --settings-stdin`, JSON.stringify(settings));
  await countersign.run(`bot add --application ${applicationId} --username test_bot --token-stdin`, botToken);
  return { applicationId, botToken };
}
