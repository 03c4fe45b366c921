import { Module } from '@nestjs/common';
import { AdminModule } from '@countersign/admin';
import { ChainsController } from './admin/chains.controller';
import { ChainsModule } from './chains.module';

/** The chains in the administration API. */
@Module({ imports: [AdminModule, ChainsModule], controllers: [ChainsController], exports: [ChainsModule] })
export class AdminChainsModule {}
