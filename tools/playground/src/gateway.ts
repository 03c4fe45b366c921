import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PlaygroundSettings } from './playground.settings';

export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** The service that the page asks behind its gateway. */
export const AUDIENCE = 'orders';

/** Stands for the API gateway in front of the service. */
@Injectable()
export class Gateway {
  constructor(private readonly settings: PlaygroundSettings) {}

  /**
   * Asks the check about a request, and answers the request itself where the check refuses it.
   * @returns the headers that a service behind the gateway would get; `null` after a refusal
   */
  async check(
    { method, path }: { readonly method: string; readonly path: string },
    headers: RequestHeaders,
    reply: FastifyReply,
  ): Promise<Readonly<Record<string, string>> | null> {
    const { address, gatewayAddress } = this.settings;
    const origin = new URL(address);
    const forwarded = {
      'x-forwarded-method': method,
      'x-forwarded-proto': origin.protocol.replace(':', ''),
      'x-forwarded-host': headers['host'] ?? origin.host,
      'x-forwarded-uri': path,
    };
    const passed = ['authorization', 'dpop'].flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const answer = await fetch(`${gatewayAddress}/v1/gateway/authorize?audience=${AUDIENCE}`, {
      headers: { ...forwarded, ...Object.fromEntries(passed) },
    });
    for (const name of ['content-type', 'www-authenticate', 'dpop-nonce']) {
      const value = answer.headers.get(name);
      if (value !== null) void reply.header(name, value);
    }
    if (answer.ok) return Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('x-')));
    await reply.status(answer.status).send(await answer.text());
    return null;
  }
}
