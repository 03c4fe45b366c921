import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DigestEntity } from './digests/digest.entity';
import { Digests } from './digests/digests.repository';
import { KeyCheck } from './store/key-check.entity';
import { KeyChecksRepository } from './store/key-checks.repository';
import { Rewrapping } from './rewrapping';
import { RingCheck } from './ring-check';
import { SealedValuesRepository } from './store/sealed-values.repository';
import { SignedAuditBlocks } from './untreated-rows';
import { keyEvents } from './keys.feature';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([DigestEntity, KeyCheck]), DiscoveryModule],
  providers: [Digests, KeyChecksRepository, Rewrapping, RingCheck, SealedValuesRepository, SignedAuditBlocks],
  exports: [Digests, Rewrapping, RingCheck],
})
export class KeysModule {
  static readonly defines = { events: keyEvents };
}
