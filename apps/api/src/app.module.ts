import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ConfigModule, type Configuration, type Logger, ObservabilityModule } from '@countersign/runtime';
import { GatewayModule, OAuthModule } from '@countersign/gateway';
import { coreModules } from './core.modules';
import type { DefiningModule } from './definitions';
import { FeaturesInUse } from './features';
import { HealthController } from './health/health.controller';
import { HealthService } from './health/health.service';
import { MetricsController } from './metrics/metrics.controller';
import { ServiceGauges } from './metrics/service-gauges';
import { Startup } from './startup';

@Module({
  imports: [...coreModules, DiscoveryModule, GatewayModule, OAuthModule],
  controllers: [HealthController, MetricsController],
  providers: [HealthService, ServiceGauges, Startup],
})
export class AppModule {
  /** @param additions modules of a launcher for development */
  static async of(
    configuration: Configuration,
    logger: Logger,
    additions: readonly (DefiningModule | DynamicModule)[] = [],
  ): Promise<DynamicModule> {
    if (additions.length > 0 && configuration.nodeEnv === 'production')
      throw new Error('Nothing is added to the product in production.');
    const inUse = await FeaturesInUse.load(configuration.use, additions);
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(configuration),
        ObservabilityModule.of(logger),
        ...inUse.modules,
        ...additions,
      ],
      providers: [{ provide: FeaturesInUse, useValue: inUse }],
    };
  }
}
