import { setTimeout as sleep } from 'node:timers/promises';
import type { AgreedClock, Database } from '@countersign/database';
import { SessionUpkeep } from './session-upkeep';
import type { SessionsRepository } from '../store/sessions.repository';

const DELETING_MS = 20;

describe('deleting what is long over', () => {
  it('takes one batch after the other, and rests longer in between than it deletes', async () => {
    const left = [250, 250, 7];
    const begun: number[] = [];
    const ended: number[] = [];
    const deleteOver = async (): Promise<number> => {
      begun.push(performance.now());
      await sleep(DELETING_MS);
      ended.push(performance.now());
      return left.shift() ?? 0;
    };
    const upkeep = new SessionUpkeep(
      { transaction: (work: (tx: unknown) => unknown) => work(null) } as unknown as Database,
      { deleteOver } as unknown as SessionsRepository,
      { now: () => Promise.resolve(new Date()) } as unknown as AgreedClock,
    );

    await expect(upkeep.run()).resolves.toBe(507);
    expect(begun).toHaveLength(3);
    for (const batch of [1, 2])
      expect((begun[batch] ?? 0) - (ended[batch - 1] ?? 0)).toBeGreaterThan(2 * DELETING_MS);
  });
});
