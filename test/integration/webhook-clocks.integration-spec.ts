import { randomUUID } from 'node:crypto';
import { FanOut } from '@countersign/webhooks';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';
import { addEndpoint, ALLOW_RECEIVERS, deliveriesOf, emit, useReceiver } from '../support/webhooks';

const DAY_SECONDS = 86_400;

describe.each([40, -6])('webhooks of a replica whose clock is %i days ahead', (days) => {
  const app = useTestApp({ environment: ALLOW_RECEIVERS });
  const receiver = useReceiver();

  /** The clock of this replica jumps, and that of the database stays. */
  const jump = (by: number) => {
    app.clock.advance(by * DAY_SECONDS);
    app.databaseClock.setAhead(by === days ? -days * DAY_SECONDS : 0);
  };

  it('are planned once it is right', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    await emit(app, [randomUUID()]);

    jump(days);
    await expect(app.nest.get(FanOut).step()).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(await deliveriesOf(app, id)).toEqual([]);

    jump(-days);
    await until(async () => {
      await app.nest.get(FanOut).step();
      return (await deliveriesOf(app, id)).length === 1;
    });
  });
});
