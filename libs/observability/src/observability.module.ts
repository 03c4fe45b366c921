import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Logger } from './logger';

@Global()
@Module({})
export class ObservabilityModule {
  static of(logger: Logger): DynamicModule {
    return {
      module: ObservabilityModule,
      providers: [{ provide: Logger, useValue: logger }],
      exports: [Logger],
    };
  }
}
