import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Logger } from './logger';
import { Metrics } from './metrics/metrics';
import { SideTasks } from './side-tasks';

@Global()
@Module({})
export class ObservabilityModule {
  static of(logger: Logger): DynamicModule {
    return {
      module: ObservabilityModule,
      providers: [{ provide: Logger, useValue: logger }, Metrics, SideTasks],
      exports: [Logger, Metrics, SideTasks],
    };
  }
}
