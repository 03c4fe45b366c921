import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Configuration } from '@countersign/config';
import type { LimitKey } from './limit-rule';
import { addressKey } from './refusal-limit';

/** The address of a caller on node:http itself, as `request.ip` of Fastify gives it to routes. */
@Injectable()
export class CallerAddresses {
  private readonly trusted: BlockList | null;
  private readonly ofSockets = new WeakMap<Socket, LimitKey | null>();

  constructor({ trustedProxies }: Configuration) {
    this.trusted = trustedProxies.length > 0 ? listOf(trustedProxies) : null;
  }

  /** What a request counts for; null where its address does not identify a caller. */
  keyOf({ headers, socket }: IncomingMessage): LimitKey | null {
    const forwarded = this.trusted ? headers['x-forwarded-for'] : undefined;
    if (forwarded !== undefined) return addressKey(this.nearestUntrusted(socket, String(forwarded)));
    const known = this.ofSockets.get(socket);
    if (known !== undefined) return known;
    const key = addressKey(socket.remoteAddress);
    this.ofSockets.set(socket, key);
    return key;
  }

  /** Each proxy appends the address that called it. */
  private nearestUntrusted({ remoteAddress = '' }: Socket, forwarded: string): string | undefined {
    const named = forwarded.split(',').map((address) => address.trim());
    const addresses = [remoteAddress, ...named.filter(Boolean).reverse()];
    return addresses.find((address) => !this.isTrusted(address)) ?? addresses.at(-1);
  }

  private isTrusted(address: string): boolean {
    const [plain = ''] = address.split('%', 1);
    const family = isIP(plain);
    return family !== 0 && this.trusted?.check(plain, family === 4 ? 'ipv4' : 'ipv6') === true;
  }
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const [family, all] = isIP(address) === 4 ? (['ipv4', 32] as const) : (['ipv6', 128] as const);
    list.addSubnet(address, bits === undefined ? all : Number(bits), family);
  }
  return list;
}
