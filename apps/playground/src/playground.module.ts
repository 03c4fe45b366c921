import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { ApplicationRecords, ApplicationsModule } from '@countersign/applications';
import { AUDIENCE, PlaygroundController } from './playground.controller';
import { PlaygroundSettings } from './playground.settings';

/** A page to try the service in, for development: it signs for made-up people. The launcher adds it to the product. */
@Module({ imports: [ApplicationsModule], controllers: [PlaygroundController] })
export class PlaygroundModule implements OnApplicationBootstrap {
  constructor(
    private readonly applications: ApplicationRecords,
    private readonly settings: PlaygroundSettings,
  ) {}

  static of(settings: PlaygroundSettings): DynamicModule {
    return {
      module: PlaygroundModule,
      providers: [{ provide: PlaygroundSettings, useValue: settings }],
    };
  }

  /** Wallets sign for the page's origin, and identity tokens are made for the service of the page. */
  async onApplicationBootstrap(): Promise<void> {
    const { applicationId, address } = this.settings;
    const { effectiveSettings: settings } = await this.applications.get(applicationId);
    // A browser may call this machine by either name.
    const local = address.replace('//127.0.0.1:', '//localhost:');
    const origins = [...new Set([...settings.origins, address, local])];
    const audiences = [...new Set([...settings.audiences, AUDIENCE])];
    if (origins.length === settings.origins.length && audiences.length === settings.audiences.length) return;
    await this.applications.change(applicationId, { settings: { origins, audiences } });
  }
}
