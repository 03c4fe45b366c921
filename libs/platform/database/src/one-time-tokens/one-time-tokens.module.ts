import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OneTimeTokenEntity } from './one-time-token.entity';
import { OneTimeTokens } from './one-time-tokens';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([OneTimeTokenEntity])],
  providers: [OneTimeTokens],
  exports: [OneTimeTokens],
})
export class OneTimeTokensModule {}
