import type { FakeTelegram } from '@countersign/fake-telegram';

/** What the playground is made for: the bot that the fake Telegram signs for, and its application. */
export abstract class PlaygroundSettings {
  /** Of the bot, when the service has started. */
  applicationId: string;
  readonly botToken: string;
  readonly telegram: Pick<FakeTelegram, 'signInitData'>;
  readonly address: string;
  readonly consoleUrl: string;
  /** The page of the consent bot, and the bot; absent where none runs. */
  readonly consent?: { readonly url: string; readonly botToken: string };
  /** Keeps `<principalId>:<secret>` for commands on this machine; absent where the administration API is not on it alone. */
  readonly keepPrincipal?: (principal: string) => void;
}
