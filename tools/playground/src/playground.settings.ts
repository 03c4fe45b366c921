import type { FakeOidc, FakeTelegram } from '@countersign/fake-telegram';

/** What the playground is made for: the demo application, and the bot that the fake Telegram signs for. */
export abstract class PlaygroundSettings {
  readonly applicationId: string;
  readonly botToken: string;
  readonly telegram: Pick<FakeTelegram, 'signInitData' | 'signLoginWidget'>;
  /** Log In With Telegram as the service asks it; `null` where the operator named another provider. */
  readonly telegramLogin: Pick<FakeOidc, 'registerClient' | 'nextPerson'> | null;
  /** Where chains of an example give test coins; `null` where they do not. */
  readonly testCoins: string | null;
  /** Where a browser on this machine finds the service. */
  readonly address: string;
  /** Where the service listens for gateways. */
  readonly gatewayAddress: string;
}
