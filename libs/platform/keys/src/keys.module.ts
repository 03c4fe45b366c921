import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@countersign/audit';
import { DigestEntity } from './digests/digest.entity';
import { Digests } from './digests/digests.repository';
import { KeyCheck } from './store/key-check.entity';
import { KeyChecksRepository } from './store/key-checks.repository';
import { Rewrapping } from './rewrapping';
import { RingCheck } from './ring-check';
import { SealedValuesRepository } from './store/sealed-values.repository';

@Module({
  imports: [TypeOrmModule.forFeature([DigestEntity, KeyCheck]), DiscoveryModule, AuditModule],
  providers: [Digests, KeyChecksRepository, Rewrapping, RingCheck, SealedValuesRepository],
  exports: [Digests, Rewrapping, RingCheck],
})
export class KeysModule {}
