import type { Countersign } from '@countersign/client';
import { ORDERS_URL } from './countersign';

export interface Order {
  readonly orderId: string;
  readonly item: string;
  readonly orderedAt: string;
  readonly isRefunded: boolean;
}

/** Calls of `examples/orders`. The client adds the access token; the gateway replaces it with an identity token. */
export class OrdersApi {
  private readonly countersign: Pick<Countersign, 'fetch'>;

  constructor(countersign: Pick<Countersign, 'fetch'>) {
    this.countersign = countersign;
  }

  async list(): Promise<readonly Order[]> {
    const { items } = (await this.ask('GET', '/orders/')) as { readonly items: readonly Order[] };
    return items;
  }

  async place(item: string): Promise<void> {
    await this.ask('POST', '/orders/', { item });
  }

  async refund(orderId: string): Promise<void> {
    await this.ask('POST', '/orders/refunds', { orderId });
  }

  /** @throws Error with the `title` of the problem details (RFC 9457) from the gateway or the service */
  private async ask(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.countersign.fetch(`${ORDERS_URL}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const json = (await answer.json().catch(() => null)) as unknown;
    if (answer.ok) return json;
    const { title } = (json ?? {}) as { readonly title?: string };
    throw new Error(title ?? `The service answered ${answer.status}.`);
  }
}
