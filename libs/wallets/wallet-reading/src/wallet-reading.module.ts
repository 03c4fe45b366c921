import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ChainsModule } from '@countersign/chains';
import { WalletsModule } from '@countersign/linked-wallets';
import { SessionsModule } from '@countersign/sessions';
import { NodeAmounts } from './amounts/node-amounts';
import { NodeReader } from './node-reader';
import { WalletReaders } from './wallet-readers';
import { WalletReadingController } from './wallet-reading.controller';

@Module({
  imports: [ChainsModule, DiscoveryModule, SessionsModule, WalletsModule],
  controllers: [WalletReadingController],
  providers: [NodeAmounts, NodeReader, WalletReaders],
  exports: [NodeAmounts, WalletReaders],
})
export class WalletReadingModule {}
