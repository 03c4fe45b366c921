import type { Logger } from '@countersign/observability';
import { PollingLoop } from './polling-loop';
import type { Readiness } from './readiness';

describe('PollingLoop', () => {
  let rounds = 0;
  let loop: PollingLoop;

  beforeEach(async () => {
    jest.useFakeTimers();
    rounds = 0;
    const round = (): Promise<number> => {
      rounds += 1;
      // Work of this round wakes the loop for the next one.
      if (rounds === 2) loop.wake(500);
      return Promise.resolve(5_000);
    };
    const readiness = { mayWork: () => Promise.resolve(true) } as unknown as Readiness;
    loop = new PollingLoop('test', round, {} as Logger, readiness);
    loop.start();
    await jest.advanceTimersByTimeAsync(0);
  });

  afterEach(async () => {
    await loop.stop();
    jest.useRealTimers();
  });

  it('has its next round in time however often it is woken', async () => {
    for (let waited = 0; waited < 500; waited += 100) {
      loop.wake(500);
      await jest.advanceTimersByTimeAsync(100);
    }
    expect(rounds).toBe(2);
  });

  it('pauses after a round that was woken meanwhile', async () => {
    loop.wake();
    await jest.advanceTimersByTimeAsync(499);
    expect(rounds).toBe(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(rounds).toBe(3);
  });
});
