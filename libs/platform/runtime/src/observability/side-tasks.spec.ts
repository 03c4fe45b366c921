import type { Logger } from './logger';
import { Metrics } from './metrics/metrics';
import { SideTasks, type SideTask } from './side-tasks';

describe('SideTasks', () => {
  const lines: string[] = [];
  const logger = Object.fromEntries(
    ['debug', 'info', 'warn'].map((level) => [
      level,
      (_: object, message: string) => lines.push(`${level} ${message}`),
    ]),
  ) as unknown as Logger;
  let metrics: Metrics;
  let tasks: SideTasks;
  let loop: SideTask;

  beforeEach(() => {
    jest.useFakeTimers();
    lines.length = 0;
    metrics = new Metrics();
    tasks = new SideTasks(logger, metrics);
  });

  afterEach(async () => {
    await loop.stop();
    jest.useRealTimers();
  });

  describe('a loop', () => {
    let rounds = 0;

    beforeEach(async () => {
      rounds = 0;
      loop = tasks.loop('test', () => {
        rounds += 1;
        // Work of this round wakes the loop for the next one.
        if (rounds === 2) loop.wake(500);
        return Promise.resolve(5_000);
      });
      loop.start();
      await jest.advanceTimersByTimeAsync(0);
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

  it('do not begin again once they are stopped', async () => {
    const round = jest.fn(() => Promise.resolve(0));
    loop = tasks.loop('test', round);
    await loop.stop();
    loop.start();
    loop.wake();

    await jest.advanceTimersByTimeAsync(1_000);
    expect(round).not.toHaveBeenCalled();
  });

  it('log an error once, count it, name the task and try it again until it succeeds', async () => {
    const outcomes = ['E1', 'E1', 'E2', null];
    loop = tasks.loop('test', () => {
      const code = outcomes.shift();
      return code ? Promise.reject(Object.assign(new Error(), { code })) : Promise.resolve(Infinity);
    });
    loop.start();

    await jest.advanceTimersByTimeAsync(2_000);
    expect(tasks.degraded).toEqual(['test']);
    expect(await metrics.expose()).toContain('countersign_side_task_failures_total{task="test"} 3\n');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(tasks.degraded).toEqual([]);
    const failure = 'a side task failed: it is tried again';
    expect(lines).toEqual([
      `warn ${failure}`,
      `debug ${failure}`,
      `warn ${failure}`,
      'info a side task works again',
    ]);
  });

  it('rest while this replica may not work, and neither fail nor succeed', async () => {
    let mayWork = true;
    let rounds = 0;
    const round = (): Promise<number> => {
      rounds += 1;
      return Promise.reject(new Error());
    };
    loop = tasks.loop('test', round, { mayWork: () => Promise.resolve(mayWork) });
    loop.start();
    await jest.advanceTimersByTimeAsync(0);
    mayWork = false;
    await jest.advanceTimersByTimeAsync(10_000);

    expect(rounds).toBe(1);
    expect(tasks.degraded).toEqual(['test']);
  });
});
