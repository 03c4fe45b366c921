import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Server, Socket } from 'node:net';
import { atEndOfTurn } from '@countersign/http';

/** As `net.Server` marks those that it accepted. */
type AcceptedSocket = Socket & { readonly server?: Server };

/**
 * An answer that is written at the end of the turn, together with all others that are ready: each write may have to wake
 * whoever waits for it, and who is awake need not be woken. See ADR 0026.
 */
export class LateResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** As of any response: whether `end` was called. Fastify takes an answer for sent by it. */
  override writableEnded = false;

  /** Where nobody listens any more, the answer is the last one of its connection. */
  override writeHead(status: number, ...told: unknown[]): this {
    const { server }: AcceptedSocket = this.req.socket;
    if (server?.listening === false) this.shouldKeepAlive = false;
    return (super.writeHead as (status: number, ...told: unknown[]) => this).call(this, status, ...told);
  }

  override end(...told: unknown[]): this {
    this.writableEnded = true;
    const end = (): this => (super.end as (...told: unknown[]) => this).apply(this, told);
    // Behind another answer of its connection nothing is written yet, and Node counts what is kept, to stop reading in time.
    if (this.socket === null) return end();
    atEndOfTurn(() => {
      try {
        end();
      } catch (error) {
        // Nobody is there to hear of it but the client, who must not wait.
        this.destroy(error as Error);
      }
    });
    return this;
  }
}
