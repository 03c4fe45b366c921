import { useCallback } from 'react';
import { ordersApi } from './orders-api';
import { Failure, Section, Spinner } from './parts';
import { useAction } from './use-action';
import { useList } from './use-list';

const ITEMS = ['coffee', 'tea', 'cake'];

export function Orders() {
  const { items, error, reload } = useList(ordersApi.list);
  const place = useAction(
    useCallback(
      async (item: string) => {
        await ordersApi.place(item);
        await reload();
      },
      [reload],
    ),
  );
  const refund = useAction(
    useCallback(
      async (orderId: string) => {
        await ordersApi.refund(orderId);
        await reload();
      },
      [reload],
    ),
  );
  return (
    <Section title="Your orders">
      <div className="choices">
        {ITEMS.map((item) => (
          <button key={item} onClick={() => place.run(item)} disabled={place.isRunning}>
            Order {item}
          </button>
        ))}
      </div>
      <Failure error={place.error ?? refund.error ?? error} />
      {items === null && error === null && <Spinner label="Loading your orders" />}
      {items === null && error !== null && <button onClick={() => void reload()}>Try again</button>}
      {items?.length === 0 && <p className="hint">You have ordered nothing yet.</p>}
      <ul>
        {items?.map(({ orderId, item, orderedAt, isRefunded }) => (
          <li key={orderId}>
            <span>
              <span className="item">{item}</span>{' '}
              <time className="hint" dateTime={orderedAt}>
                {new Date(orderedAt).toLocaleTimeString()}
              </time>
            </span>
            {isRefunded ? (
              <span className="hint">refunded</span>
            ) : (
              <button
                className="plain"
                onClick={() => refund.run(orderId)}
                disabled={refund.isRunning}
                aria-label={`Refund ${item}`}
              >
                Refund
              </button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
