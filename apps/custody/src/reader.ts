import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger, readReaderConfiguration, standardOutput } from '@countersign/runtime';
import type { ChainToRead } from '@countersign/custody-protocol';
import { boundedFetch } from '@countersign/fetch';
import { createClient, http, type Address } from 'viem';
import { getChainId, getTransactionCount } from 'viem/actions';
import { answered } from './operator';

const OK = 'ok';
const PAUSE_MS = 1_000;
/** The client of custody waits longer for a report. */
const LIMITS = { timeLimitMs: 3_000, maxBytes: 262_144 };

/** The reader has network and no keys. It asks two nodes for nonces of wallets and reports the lower ones. */
export async function runReader(environment: NodeJS.ProcessEnv): Promise<never> {
  const { socket, logLevel } = readReaderConfiguration(environment);
  const logger = createLogger(logLevel, standardOutput());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit());
  const faults = new Map<string, string>();
  const attempt = async (chain: string, work: () => Promise<unknown>): Promise<void> => {
    const reason = await work().then(String, (error: unknown) => (error as Error).message);
    if (reason !== (faults.get(chain) ?? OK)) logger.warn({ chain, reason }, 'reading of nonces');
    faults.set(chain, reason);
  };
  const read = async (one: ChainToRead): Promise<string> => {
    if (one.accounts.length === 0) return OK;
    const counts = await Promise.all(one.rpcUrls.map((url) => countsAt(url, one)));
    for (const [at, { walletId }] of one.accounts.entries()) {
      const next = Math.min(...counts.map((ofNode) => ofNode[at] ?? 0));
      await answered(socket, { call: 'report', walletId, on: one.chain, next });
    }
    return OK;
  };
  logger.info({}, 'reader runs');
  for (;;) {
    await sleep(PAUSE_MS);
    await attempt('all', async () => {
      const chains = JSON.parse(await answered(socket, { call: 'to-read' })) as readonly ChainToRead[];
      await Promise.all(chains.map((one) => attempt(one.chain, () => read(one))));
      return OK;
    });
  }
}

async function countsAt(url: string, { chain, accounts }: ChainToRead): Promise<readonly number[]> {
  const fetchFn = ((to: string, request: RequestInit) => boundedFetch(to, request, LIMITS)) as typeof fetch;
  const node = createClient({ transport: http(url, { batch: true, retryCount: 0, fetchFn }) });
  const counts = accounts.map(({ address }) =>
    getTransactionCount(node, { address: address as Address, blockTag: 'finalized' }),
  );
  const [chainId, ...all] = await Promise.all([getChainId(node), ...counts]).catch((error: unknown) => {
    // The messages of viem contain the URL, which may contain a secret.
    throw new Error(`${new URL(url).host}: ${(error as Error).name}`, { cause: error });
  });
  if (`eip155:${chainId}` !== chain) throw new Error(`${new URL(url).host} is a node of another chain`);
  return all;
}
