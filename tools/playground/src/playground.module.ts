import { isDeepStrictEqual } from 'node:util';
import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { ApplicationsModule, ApplicationsService, BotsService } from '@countersign/applications';
import { RingCheck } from '@countersign/keys';
import { DeveloperKeys } from './developer-keys';
import { DeveloperPrincipal } from './developer-principal';
import { DeveloperSignInController } from './developer-sign-in';
import { PlaygroundController } from './playground.controller';
import { PlaygroundSettings } from './playground.settings';

/** Their feature may be left out. */
interface EmbeddedWalletSettings {
  readonly embeddedWallets?: { readonly enabled: boolean; readonly domains: readonly string[] };
}

/** A page to try the service in development. It signs for made-up people. The launcher adds this module. */
@Module({
  imports: [ApplicationsModule],
  controllers: [PlaygroundController],
  providers: [DeveloperPrincipal],
})
export class PlaygroundModule implements OnApplicationBootstrap {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly bots: BotsService,
    private readonly settings: PlaygroundSettings,
    private readonly ringCheck: RingCheck,
    private readonly developer: DeveloperPrincipal,
  ) {}

  /** @param keys the keys that sign in to the console; null if others can reach the console */
  static of(settings: PlaygroundSettings, keys: DeveloperKeys | null = null): DynamicModule {
    return {
      module: PlaygroundModule,
      controllers: keys ? [DeveloperSignInController] : [],
      providers: [
        { provide: PlaygroundSettings, useValue: settings },
        { provide: DeveloperKeys, useValue: keys },
      ],
    };
  }

  /** The demo application allows calls of the origin of this page, and a wallet that signs for its domain. */
  async onApplicationBootstrap(): Promise<void> {
    // This hook runs before the hook of the product, which compares the ring too.
    await this.ringCheck.verify();
    const applicationId = await this.ensureDemo();
    this.settings.applicationId = applicationId;
    const { address, keepPrincipal } = this.settings;
    // A browser may use either name for this machine.
    const addresses = [address, address.replace('//127.0.0.1:', '//localhost:')];
    const { settings: now } = await this.applications.getById(applicationId);
    const hosts = addresses.map((each) => new URL(each).host);
    const { embeddedWallets: known } = now as EmbeddedWalletSettings;
    const before = {
      origins: now.origins,
      ...(known && { embeddedWallets: { enabled: known.enabled, domains: known.domains } }),
    };
    const settings = {
      origins: [...new Set([...now.origins, ...addresses])],
      ...(known && {
        embeddedWallets: { enabled: true, domains: [...new Set([...known.domains, ...hosts])] },
      }),
    };
    if (!isDeepStrictEqual(settings, before)) await this.applications.change(applicationId, { settings });
    if (!keepPrincipal) return;
    const { principalId, secret } = await this.developer.renewSecret('countersign');
    keepPrincipal(`${principalId}:${secret}`);
  }

  private async ensureDemo(): Promise<string> {
    const { botToken: token } = this.settings;
    const botId = token.split(':', 1).join();
    const [known] = await this.bots.list({ botId }, { afterId: null, limit: 1 });
    if (known) return known.applicationId;
    const { applicationId } = await this.applications.create({ name: 'Demo' });
    const username = 'countersign_demo_bot';
    await this.bots.add({ applicationId, username, signaturePolicy: 'required', token });
    return applicationId;
  }
}
