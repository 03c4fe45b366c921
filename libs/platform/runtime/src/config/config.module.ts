import { Global, Module, type DynamicModule } from '@nestjs/common';
import { KeyRing } from '@countersign/crypto';
import { Configuration } from './configuration';

@Global()
@Module({})
export class ConfigModule {
  static of(configuration: Configuration): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: Configuration, useValue: configuration },
        { provide: KeyRing, useValue: configuration.keyRing },
      ],
      exports: [Configuration, KeyRing],
    };
  }
}
