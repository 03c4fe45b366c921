import { PassThrough } from 'node:stream';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  Chains,
  ChainsModule,
  ContractSignatures,
  EvmNodes,
  EvmSending,
  TonAccounts,
  TonSending,
} from '@countersign/chains';
import {
  ClockModule,
  ConfigModule,
  createLogger,
  Metrics,
  ObservabilityModule,
  readConfiguration,
} from '@countersign/runtime';
import { generateKeyRing } from '@countersign/crypto';

/** The chains alone, without a database. */
export class RunningChains {
  readonly chains: Chains;
  readonly nodes: EvmNodes;
  readonly sending: EvmSending;
  readonly signatures: ContractSignatures;
  readonly ton: TonAccounts;
  readonly tonSending: TonSending;

  private constructor(private readonly module: TestingModule) {
    this.chains = module.get(Chains);
    this.nodes = module.get(EvmNodes);
    this.sending = module.get(EvmSending);
    this.signatures = module.get(ContractSignatures);
    this.ton = module.get(TonAccounts);
    this.tonSending = module.get(TonSending);
  }

  /** @param chains the list of the file of chains */
  static async start(chains: readonly object[]): Promise<RunningChains> {
    const configuration = readConfiguration({
      NODE_ENV: 'test',
      DATABASE_URL: 'postgresql://127.0.0.1/unused',
      KEYS: JSON.stringify(generateKeyRing()),
      CHAINS: chainsDocument(...chains),
    });
    const logger = createLogger('silent', new PassThrough());
    const module = await Test.createTestingModule({
      imports: [ConfigModule.of(configuration), ObservabilityModule.of(logger), ClockModule, ChainsModule],
    }).compile();
    return new RunningChains(module);
  }

  metrics(): Promise<string> {
    return this.module.get(Metrics).expose();
  }

  close(): Promise<void> {
    return this.module.close();
  }
}

/** The chain of an anvil, as the operator names it. */
export function anvilChain(urls: readonly string[], more: object = {}): object {
  return {
    chainId: 'eip155:31337',
    rpcUrls: urls,
    mayNameAddresses: true,
    name: 'anvil',
    environment: 'production',
    currency: { symbol: 'ETH', decimals: 18 },
    confirmations: 2,
    blockTimeMs: 100,
    ...more,
  };
}

export function chainsDocument(...chains: readonly object[]): string {
  return JSON.stringify({ chains });
}

/** Has the work done with chains that are closed after it. */
export async function withChains<T>(
  chains: readonly object[],
  work: (running: RunningChains) => Promise<T>,
): Promise<T> {
  const running = await RunningChains.start(chains);
  try {
    return await work(running);
  } finally {
    await running.close();
  }
}
