import type { LookupAddress } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { type AllowedTarget, NoAnswer, Semaphore, within } from '@countersign/runtime';
import { isListed, mayCall } from './address-rules';
import { SendError } from './send-result';

/** Gives all addresses of a name. Rejects when there is none. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

/** A name server gets as long, twice. */
const QUESTION_MS = 2_500;
/** For a look-up by the operating system, which has no time limit itself. */
const SYSTEM_MS = 5_000;
/** Each takes a thread, of four that files and cryptography use too. */
const system = new Semaphore(2);
/** Look-ups that wait or run, by name: a name without an answer takes one thread only. */
const running = new Map<string, Promise<readonly LookupAddress[]>>();

/**
 * The look-up of a socket. It refuses a name of which one address must not be called, and the socket gets the addresses that were
 * checked: no second answer of the DNS is used. Sockets do not look up a host that is an address: `checkUrl` has it.
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

/** Asks name servers for A and AAAA records, without a thread. /etc/hosts and search domains do not count. */
export async function resolveByDns(name: string, servers?: readonly string[]): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: QUESTION_MS, tries: 2 });
  if (servers) resolver.setServers(servers);
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length === 0) throw new Error('the name has no address');
  return addresses;
}

/** Asks the operating system, which knows /etc/hosts and search domains: for names of the operator. */
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
