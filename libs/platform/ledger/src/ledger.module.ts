import { Global, Module } from '@nestjs/common';
import { ErasureLedger } from './erasure-ledger.repository';

@Global()
@Module({ providers: [ErasureLedger], exports: [ErasureLedger] })
export class LedgerModule {}
