import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ChainsModule } from '@countersign/chains';
import { WalletsModule } from '@countersign/linked-wallets';
import { SessionsModule } from '@countersign/sessions';
import { NodeAmounts } from './amounts/node-amounts';
import { TokenUnits } from './amounts/token-units';
import { WalletReaders } from './wallet-readers';
import { WalletReadingController } from './wallet-reading.controller';

@Module({
  imports: [ChainsModule, DiscoveryModule, SessionsModule, WalletsModule],
  controllers: [WalletReadingController],
  providers: [NodeAmounts, TokenUnits, WalletReaders],
  exports: [NodeAmounts, TokenUnits, WalletReaders],
})
export class WalletReadingModule {}
