import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OneTimeTokenEntity } from './one-time-token.entity';
import { OneTimeTokens } from './one-time-tokens';

@Module({
  imports: [TypeOrmModule.forFeature([OneTimeTokenEntity])],
  providers: [OneTimeTokens],
  exports: [OneTimeTokens],
})
export class OneTimeTokensModule {}
