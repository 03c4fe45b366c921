import type { FakeTelegram } from '@countersign/fake-telegram';

export abstract class PlaygroundSettings {
  /** The application of the bot. It is set when the service starts. */
  applicationId: string;
  readonly botToken: string;
  readonly telegram: Pick<FakeTelegram, 'signInitData'>;
  readonly address: string;
  readonly consoleUrl: string;
  /** The page of the consent bot, and its token. Absent without a consent page. */
  readonly consent?: { readonly url: string; readonly botToken: string };
  /** Stores `<principalId>:<secret>` for local commands. Absent if others can reach the administration API. */
  readonly keepPrincipal?: (principal: string) => void;
}
