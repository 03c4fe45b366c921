import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Logger } from './logger';
import { Metrics } from './metrics/metrics';
import { SideTasks } from './side-tasks';
import { noTracing, Tracing } from './tracing/tracing';

@Global()
@Module({})
export class ObservabilityModule {
  static of(logger: Logger, tracing: Tracing = noTracing): DynamicModule {
    return {
      module: ObservabilityModule,
      providers: [
        { provide: Logger, useValue: logger },
        { provide: Tracing, useValue: tracing },
        Metrics,
        SideTasks,
      ],
      exports: [Logger, Metrics, SideTasks, Tracing],
    };
  }
}
