import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApplicationsService, BotRecords, BotsService, BotTokens, type Bot } from '@countersign/applications';
import { Configuration } from '@countersign/config';
import { PlaygroundSettings } from './playground.settings';

/** An id that OpenWeb3 has not assigned as far as known; it has no meaning outside this clone. */
const OPENWEB3_ID = '7000000003';
const CALLBACK = '/v1/auth/telegram/oidc/callback';

/** Prepares the bots of the demo application for the fake OpenWeb3 and the fake Log In With Telegram. */
@Injectable()
export class DemoBots {
  private openWeb3 = '';

  constructor(
    private readonly settings: PlaygroundSettings,
    private readonly applications: ApplicationsService,
    private readonly records: BotRecords,
    private readonly bots: BotsService,
    private readonly tokens: BotTokens,
    private readonly configuration: Configuration,
  ) {}

  /** The token that signs init data of the OpenWeb3 bot. */
  get openWeb3Token(): string {
    return this.openWeb3;
  }

  /** @param addresses where browsers find the service */
  async prepare(addresses: readonly string[]): Promise<void> {
    await this.prepareOpenWeb3();
    await this.prepareTelegramLogin(addresses);
  }

  private async prepareOpenWeb3(): Promise<void> {
    const { applicationId } = this.settings;
    const [known] = await this.records.list(
      { applicationId, provider: 'openweb3' },
      { limit: 1, afterId: null },
    );
    if (!known)
      await this.bots.add({
        applicationId,
        provider: 'openweb3',
        environment: 'production',
        username: 'countersign_openweb3_bot',
        signaturePolicy: 'optional',
        token: `${OPENWEB3_ID}:${secret()}`,
      });
    const { bot } = await this.applications.getSignInTarget(applicationId, 'openweb3', undefined);
    this.openWeb3 = this.tokens.open(bot.id, 'token', bot.token);
  }

  private async prepareTelegramLogin(addresses: readonly string[]): Promise<void> {
    const { applicationId, botToken, telegramLogin } = this.settings;
    if (telegramLogin === null) return;
    const [botId = ''] = botToken.split(':', 1);
    const key = { provider: 'telegram', environment: 'production', botId } as const;
    const { hasOidcSecret } = await this.records.get(key);
    if (!hasOidcSecret) await this.bots.change(key, { oidcClientSecret: secret() });
    const { bot } = await this.applications.getOidcTarget(applicationId, botId);
    const { publicUrl } = this.configuration;
    telegramLogin.registerClient({
      clientId: botId,
      clientSecret: this.loginSecretOf(bot),
      redirectUris: (publicUrl === null ? addresses : [publicUrl]).map((address) => `${address}${CALLBACK}`),
    });
  }

  private loginSecretOf({ id, oidcClientSecret }: Bot): string {
    return oidcClientSecret === null ? '' : this.tokens.open(id, 'oidc_client_secret', oidcClientSecret);
  }
}

function secret(): string {
  return randomBytes(27).toString('base64url').slice(0, 35);
}
