import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ChainsModule } from '@countersign/chains';
import { WalletsModule } from '@countersign/linked-wallets';
import { SessionsModule } from '@countersign/sessions';
import { WalletReaders } from './wallet-readers';
import { WalletReadingController } from './wallet-reading.controller';

@Module({
  imports: [ChainsModule, DiscoveryModule, SessionsModule, WalletsModule],
  controllers: [WalletReadingController],
  providers: [WalletReaders],
})
export class WalletReadingModule {}
