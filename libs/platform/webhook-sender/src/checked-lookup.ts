import type { LookupAddress } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { type AllowedTarget, NoAnswer, Semaphore, within } from '@countersign/runtime';
import { isListed, mayCall } from './address-rules';
import { SendError } from './send-result';

/** Returns all addresses of a name. Rejects when there is none. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

/** The time limit for one question to a name server. Each question is asked twice. */
const QUESTION_MS = 2_500;
/** The time limit for a look-up by the operating system, which has none itself. */
const SYSTEM_MS = 5_000;
/** Each look-up takes one of four threads, which files and cryptography use too. */
const system = new Semaphore(2);
/** Waiting and running look-ups by name: a name without an answer takes only one thread. */
const running = new Map<string, Promise<readonly LookupAddress[]>>();

/**
 * Refuses a name if one of its addresses must not be called. The socket gets the checked addresses, so no second DNS
 * answer is used. Sockets do not look up a host that is an address: `checkUrl` checks it.
 */
export function checkedLookup(
  port: number,
  allowed: readonly AllowedTarget[],
  resolve?: ResolveName,
): LookupFunction {
  const checked = async (host: string): Promise<readonly string[]> => {
    const destination = { host, port };
    const isOfOperator = isListed(destination, allowed);
    const find = resolve ?? (isOfOperator ? resolveBySystem : resolveByDns);
    const addresses = await find(host).catch((error: unknown) => {
      throw new SendError('dns', error);
    });
    if (addresses.length === 0) throw new SendError('dns');
    if (!addresses.every((address) => mayCall(address, destination, allowed)))
      throw new SendError('refused_address');
    return addresses;
  };
  return (host, { all }, callback) => {
    void checked(host).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        if (all) callback(null, found);
        else callback(null, found[0]?.address ?? '', found[0]?.family);
      },
      (error: unknown) => callback(error as Error, []),
    );
  };
}

/** Asks name servers for A and AAAA records, without a thread. It ignores /etc/hosts and search domains. */
export async function resolveByDns(name: string, servers?: readonly string[]): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: QUESTION_MS, tries: 2 });
  if (servers) resolver.setServers(servers);
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length === 0) throw new Error('the name has no address');
  return addresses;
}

/** Asks the operating system, which knows /etc/hosts and search domains. It is for names on the operator's list. */
async function resolveBySystem(name: string): Promise<readonly string[]> {
  const found = await within(SYSTEM_MS, running.get(name) ?? lookUp(name));
  return found.map(({ address }) => address);
}

function lookUp(name: string): Promise<readonly LookupAddress[]> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(new NoAnswer('no thread is free')), SYSTEM_MS);
  const started = system
    .run(() => lookup(name, { all: true }), waiting.signal)
    .finally(() => {
      clearTimeout(timer);
      running.delete(name);
    });
  running.set(name, started);
  return started;
}
