import type { Countersign } from '@countersign/client';
import { ORDERS_URL } from './countersign';

export interface Order {
  readonly orderId: string;
  readonly item: string;
  readonly orderedAt: string;
  readonly isRefunded: boolean;
}

/** The calls of `examples/orders`. The client adds the access token, and the gateway turns it into an identity token. */
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

  /** @throws Error with the title of the problem that the gateway or the service answered */
  private async ask(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.countersign.fetch(`${ORDERS_URL}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const told = (await answer.json().catch(() => null)) as unknown;
    if (answer.ok) return told;
    const { title } = (told ?? {}) as { readonly title?: string };
    throw new Error(title ?? `The service answered ${answer.status}.`);
  }
}
