import { askService } from './ask-service';

export interface Order {
  readonly orderId: string;
  readonly item: string;
  readonly orderedAt: string;
  readonly isRefunded: boolean;
}

/** The calls of `examples/orders`. */
export const ordersApi = {
  async list(): Promise<readonly Order[]> {
    return (await askService<{ readonly items: readonly Order[] }>('GET', '/orders/')).items;
  },
  async place(item: string): Promise<void> {
    await askService('POST', '/orders/', { item });
  },
  async refund(orderId: string): Promise<void> {
    await askService('POST', '/orders/refunds', { orderId });
  },
};
