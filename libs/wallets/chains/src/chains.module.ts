import { Module } from '@nestjs/common';
import { Configuration } from '@countersign/runtime';
import { Chains, CONFIGURED_CHAINS } from './chains';
import { ChainStates } from './chain-states';
import { EvmIndexers, EvmNodes, ServiceOptions, TonIndexers } from './services';
import { ContractSignatures } from './evm/contract-signatures';
import { FinalBlocks } from './evm/final-blocks';
import { Receipts } from './evm/receipts';
import { configuredChains } from './registry/read-chains';
import { EvmSending } from './sending/evm-sending';
import { TonAccounts } from './ton/ton-accounts';
import { TonSending } from './ton/ton-sending';
import { ChainsController } from './admin/chains.controller';
import { chainScopes } from './chains.feature';

const EXPORTED = [
  Chains,
  ChainStates,
  ContractSignatures,
  EvmIndexers,
  EvmNodes,
  EvmSending,
  FinalBlocks,
  Receipts,
  TonAccounts,
  TonIndexers,
  TonSending,
];

@Module({
  providers: [
    {
      provide: CONFIGURED_CHAINS,
      inject: [Configuration],
      useFactory: configuredChains,
    },
    ServiceOptions,
    ...EXPORTED,
  ],
  exports: EXPORTED,
})
export class ChainsModule {}

@Module({ imports: [ChainsModule], controllers: [ChainsController], exports: [ChainsModule] })
export class AdminChainsModule {
  static readonly defines = { scopes: chainScopes };
}
