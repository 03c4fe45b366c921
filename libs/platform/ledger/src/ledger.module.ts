import { Global, Module } from '@nestjs/common';
import { ErasureLedger } from './erasure-ledger';

@Global()
@Module({ providers: [ErasureLedger], exports: [ErasureLedger] })
export class LedgerModule {}
