import { lookup, Resolver } from 'node:dns/promises';
import { Semaphore } from '@countersign/clock';

/** Gives all addresses of a name. Rejects when there is none. */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

export interface NameLookupLimits {
  /** From the call to the addresses, with the wait for other look-ups. */
  readonly lookupMs: number;
  /** By the DNS: a socket each. */
  readonly dnsLookups: number;
  /** By the system: a thread each, of four that files and cryptography use too. */
  readonly systemLookups: number;
}

/**
 * Asks the name servers of this machine for A and AAAA records, without a thread: names that never answer stop
 * nothing else. /etc/hosts and search domains do not count.
 */
export async function resolveByDns(
  name: string,
  signal: AbortSignal,
  servers?: readonly string[],
): Promise<readonly string[]> {
  const resolver = new Resolver();
  if (servers) resolver.setServers(servers);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length === 0) throw new Error('the name has no address');
    return addresses;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** Asks the operating system, which knows /etc/hosts and search domains. The thread cannot be interrupted. */
async function resolveBySystem(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

/** Bounded look-ups. Calls for a name that is being looked up share its answer; nothing is kept after that. */
export class NameLookups {
  private readonly dns: Lookups;
  private readonly system: Lookups;

  constructor(limits: NameLookupLimits, resolve?: ResolveName) {
    const { lookupMs, dnsLookups, systemLookups } = limits;
    this.dns = new Lookups(resolve ?? resolveByDns, lookupMs, dnsLookups);
    this.system = new Lookups(resolve ?? resolveBySystem, lookupMs, systemLookups);
  }

  /** @param isListed a name on the operator's list is looked up by the system, with /etc/hosts and search domains */
  addressesOf(name: string, isListed: boolean): Promise<readonly string[]> {
    return (isListed ? this.system : this.dns).addressesOf(name);
  }

  close(): void {
    this.dns.close();
    this.system.close();
  }
}

class Lookups {
  private readonly running = new Map<string, Promise<readonly string[]>>();
  private readonly controllers = new Set<AbortController>();
  private readonly permits: Semaphore;

  constructor(
    private readonly resolve: ResolveName,
    private readonly limitMs: number,
    most: number,
  ) {
    this.permits = new Semaphore(most);
  }

  addressesOf(name: string): Promise<readonly string[]> {
    let addresses = this.running.get(name);
    if (!addresses) {
      addresses = this.start(name).finally(() => this.running.delete(name));
      this.running.set(name, addresses);
    }
    return addresses;
  }

  close(): void {
    for (const controller of this.controllers) controller.abort(new Error('closed'));
  }

  private async start(name: string): Promise<readonly string[]> {
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(() => controller.abort(new Error('no answer in time')), this.limitMs);
    this.controllers.add(controller);
    try {
      await this.permits.acquire(signal);
      // A look-up that does not end keeps its permit: it keeps its socket or thread too.
      const answer = this.resolve(name, signal).finally(() => this.permits.release());
      return await Promise.race([answer, afterAbort(signal)]);
    } finally {
      clearTimeout(timer);
      this.controllers.delete(controller);
    }
  }
}

/** Rejects after the signal. A look-up that is cancelled by it comes first, with the addresses that it has. */
async function afterAbort(signal: AbortSignal): Promise<never> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await new Promise(setImmediate);
  throw signal.reason as Error;
}
