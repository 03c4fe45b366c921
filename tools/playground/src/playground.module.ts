import { isDeepStrictEqual } from 'node:util';
import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { ApplicationRecords, ApplicationsModule, type ApplicationRecord } from '@countersign/applications';
import { Chains, ChainsModule } from '@countersign/chains';
import { KeysModule, RingStates } from '@countersign/keys';
import { BoardDirectory, BoardOperations, LeaderboardsModule } from '@countersign/leaderboards';
import { DemoBots } from './demo-bots';
import { DiceController } from './dice.controller';
import { AUDIENCE, Gateway } from './gateway';
import { PlaygroundController } from './playground.controller';
import { PlaygroundSettings } from './playground.settings';
import { SignerController } from './signer.controller';

type AssetLimit = NonNullable<ApplicationRecord['effectiveSettings']['sends']['assets']>[number];

/** A page to try the service in, for development: it signs for made-up people. The launcher adds it to the product. */
@Module({
  imports: [ApplicationsModule, ChainsModule, KeysModule, LeaderboardsModule],
  controllers: [DiceController, PlaygroundController, SignerController],
  providers: [DemoBots, Gateway],
})
export class PlaygroundModule implements OnApplicationBootstrap {
  constructor(
    private readonly applications: ApplicationRecords,
    private readonly boards: BoardDirectory,
    private readonly boardOperations: BoardOperations,
    private readonly bots: DemoBots,
    private readonly chains: Chains,
    private readonly settings: PlaygroundSettings,
    private readonly ringStates: RingStates,
  ) {}

  static of(settings: PlaygroundSettings): DynamicModule {
    return {
      module: PlaygroundModule,
      providers: [{ provide: PlaygroundSettings, useValue: settings }],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    // The hooks of imported modules run before that of the product, which compares the ring too.
    await this.ringStates.verify();
    const { address } = this.settings;
    // A browser may call this machine by either name.
    const addresses = [address, address.replace('//127.0.0.1:', '//localhost:')];
    await this.allow(addresses);
    await this.bots.prepare(addresses);
    await this.ensureBoard();
  }

  private async ensureBoard(): Promise<void> {
    const { applicationId } = this.settings;
    if ((await this.boards.count(applicationId)).count > 0) return;
    await this.boardOperations.create({
      applicationId,
      name: 'Three dice',
      rule: 'sum',
      better: 'higher',
      calendar: 'by-hand',
      maxJump: null,
    });
  }

  /**
   * What the page shows is allowed to the demo application: wallets sign for the page's origin and domain, embedded ones permits
   * and sends too, logins by redirect end at the page, identity tokens are made for the service of the page.
   */
  private async allow(addresses: readonly string[]): Promise<void> {
    const { applicationId } = this.settings;
    const { effectiveSettings: now } = await this.applications.get(applicationId);
    const wallets = now.embeddedWallets;
    const before = {
      origins: now.origins,
      redirectUrls: now.redirectUrls,
      audiences: now.audiences,
      loginWidget: { accept: now.loginWidget.accept },
      referrals: { mode: now.referrals.mode },
      embeddedWallets: { enabled: wallets.enabled, acts: wallets.acts, domains: wallets.domains },
      sends: { assets: now.sends.assets, firstSendDelayHours: now.sends.firstSendDelayHours },
    };
    // What a person tries is seen to its end: only large amounts wait. Acts that were taken out later stay out.
    const isNew = !wallets.acts.includes('send');
    const settings = {
      origins: [...new Set([...now.origins, ...addresses])],
      redirectUrls: [...new Set([...now.redirectUrls, ...addresses.map((each) => `${each}/playground`)])],
      audiences: [...new Set([...now.audiences, AUDIENCE])],
      loginWidget: { accept: true },
      referrals: { mode: now.referrals.mode === 'off' ? 'optional' : now.referrals.mode },
      embeddedWallets: {
        enabled: true,
        acts: isNew
          ? [...new Set([...wallets.acts, 'sign-transaction' as const, 'send' as const])]
          : wallets.acts,
        domains: [...new Set([...wallets.domains, ...addresses.map((each) => new URL(each).host)])],
      },
      sends: {
        assets: isNew || now.sends.assets !== null ? this.limits(now.sends.assets ?? []) : null,
        firstSendDelayHours: isNew ? 0 : now.sends.firstSendDelayHours,
      },
    };
    if (!isDeepStrictEqual(settings, before)) await this.applications.change(applicationId, { settings });
  }

  /** Every coin and token of the chains that are sent on: above one coin, or ten of a token, a launch has to name the send. */
  private limits(known: readonly AssetLimit[]): readonly AssetLimit[] {
    const assets = this.chains
      .list()
      .filter(({ sending }) => sending !== null)
      .flatMap(({ id: chain, currency, tokens }) => [
        { chain, token: null, launchAbove: units(1, currency.decimals) },
        ...tokens.map(({ address, decimals }) => ({
          ...{ chain, token: address, launchAbove: units(10, decimals) },
        })),
      ])
      .map((asset) => ({ ...asset, perAct: null, perDay: null }));
    const isKnown = (asset: AssetLimit): boolean =>
      known.some(({ chain, token }) => chain === asset.chain && token === asset.token);
    return [...known, ...assets.filter((asset) => !isKnown(asset))];
  }
}

function units(count: number, decimals: number): string {
  return String(BigInt(count) * 10n ** BigInt(decimals));
}
