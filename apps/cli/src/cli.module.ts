import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule, type Configuration, type Logger, ObservabilityModule } from '@countersign/runtime';
import { coreModules } from '../../api/src/core.modules';
import { FeaturesInUse } from '../../api/src/features';

@Module({ imports: coreModules })
export class CliModule {
  static async of(configuration: Configuration, logger: Logger): Promise<DynamicModule> {
    const inUse = await FeaturesInUse.load(configuration.use);
    return {
      module: CliModule,
      imports: [ConfigModule.of(configuration), ObservabilityModule.of(logger), ...inUse.modules],
      providers: [{ provide: FeaturesInUse, useValue: inUse }],
    };
  }
}
