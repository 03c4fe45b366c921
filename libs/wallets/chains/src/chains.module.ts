import { Module } from '@nestjs/common';
import { Configuration, ConfigurationError } from '@countersign/config';
import { Chains, CONFIGURED_CHAINS } from './chains';
import { ChainStates } from './chain-states';
import { EvmIndexers, EvmNodes, ServiceOptions, TonIndexers } from './services';
import { ContractSignatures } from './evm/contract-signatures';
import { FinalBlocks } from './evm/final-blocks';
import { Receipts } from './evm/receipts';
import { ChainFault } from './registry/chain-fields';
import type { ConfiguredChain } from './chain';
import { readChains } from './registry/read-chains';
import { EvmSending } from './sending/evm-sending';
import { TonAccounts } from './ton/ton-accounts';
import { TonSending } from './ton/ton-sending';
import { ChainsController } from './admin/chains.controller';

/** @throws ConfigurationError, which stops the boot. */
function configuredChains({ chains }: Configuration): readonly ConfiguredChain[] {
  if (chains === null) return [];
  try {
    return readChains(chains);
  } catch (error) {
    if (error instanceof ChainFault)
      throw new ConfigurationError([`CHAINS_FILE is not valid: ${error.message}.`]);
    throw error;
  }
}

@Module({
  providers: [
    { provide: CONFIGURED_CHAINS, inject: [Configuration], useFactory: configuredChains },
    Chains,
    ChainStates,
    ContractSignatures,
    EvmIndexers,
    EvmNodes,
    EvmSending,
    FinalBlocks,
    ServiceOptions,
    Receipts,
    TonAccounts,
    TonIndexers,
    TonSending,
  ],
  exports: [
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
  ],
})
export class ChainsModule {}

/** The chains in the administration API. */
@Module({ imports: [ChainsModule], controllers: [ChainsController], exports: [ChainsModule] })
export class AdminChainsModule {}
