import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Configuration } from '@countersign/runtime';
import { isInRange, readIpAddress, readIpRange } from '@countersign/text';
import type { LimitKey } from './limit-rule';
import { addressKey } from './counted-address';

type TrustsProxy = (address: string | undefined) => boolean;

/** @returns false if no proxy is trusted, as the framework's `trustProxy` expects */
export function trustedProxy({ trustedProxies }: Pick<Configuration, 'trustedProxies'>): TrustsProxy | false {
  if (trustedProxies.length === 0) return false;
  const ranges = trustedProxies.map(readIpRange).filter((range) => range !== null);
  return (text = '') => {
    const address = readIpAddress(text);
    return address !== null && ranges.some((range) => isInRange(address, range));
  };
}

/** The address of a caller on node:http itself, equal to Fastify's `request.ip`. */
@Injectable()
export class CallerAddresses {
  private readonly isTrusted: TrustsProxy | false;
  private readonly ofSockets = new WeakMap<Socket, LimitKey | null>();

  constructor(configuration: Configuration) {
    this.isTrusted = trustedProxy(configuration);
  }

  /** Null if the address does not identify a caller. */
  keyOf({ headers, socket }: IncomingMessage): LimitKey | null {
    const forwarded = headers['x-forwarded-for'];
    if (this.isTrusted && forwarded !== undefined)
      return addressKey(nearestUntrusted(this.isTrusted, socket, String(forwarded)));
    const known = this.ofSockets.get(socket);
    if (known !== undefined) return known;
    const key = addressKey(socket.remoteAddress);
    this.ofSockets.set(socket, key);
    return key;
  }
}

/** Each proxy appends the address of its client. */
function nearestUntrusted(
  isTrusted: TrustsProxy,
  { remoteAddress = '' }: Socket,
  forwarded: string,
): string | undefined {
  const named = forwarded.split(',').map((address) => address.trim());
  const addresses = [remoteAddress, ...named.filter(Boolean).reverse()];
  return addresses.find((address) => !isTrusted(address)) ?? addresses.at(-1);
}
