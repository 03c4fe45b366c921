import type { Configuration } from '@countersign/config';
import type { Database, DatabaseClock } from '@countersign/database';
import { Claims } from './claims';
import type { DeliveryRepository, PendingRow } from './delivery.repository';
import type { SigningKeys } from './signing-keys';

const ENDPOINT = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a01';
/** Each claim finds as many: 16,384 of them may be in memory. */
const ROWS = 64;
const CLAIMS = 16_384 / ROWS + 1;

const clock: DatabaseClock = { now: () => Promise.resolve(new Date('2026-11-22T12:00:00Z')) };
const pending = Array.from({ length: ROWS }, () => ({ subject: 'one' }) as PendingRow);
const repository: Partial<DeliveryRepository> = {
  endpoint: () => Promise.resolve({ id: ENDPOINT, url: '', failingSince: null, warnedAt: null }),
  secrets: () => Promise.resolve([]),
  claim: () => Promise.resolve(['one']),
  pending: () => Promise.resolve(pending),
};

describe('the deliveries that a process has claimed', () => {
  const database = { transaction: (work: () => unknown) => Promise.resolve(work()) } as unknown as Database;
  const open = jest.fn<ReturnType<SigningKeys['open']>, []>();
  const claims = (): Claims =>
    new Claims(database, repository as DeliveryRepository, { open } as unknown as SigningKeys, clock, {
      patience: 1,
    } as Configuration);

  it('are bounded, until they are forgotten', async () => {
    open.mockReturnValue([]);
    const all = claims();
    const [first] = await all.take(ENDPOINT, 1, 0);
    for (let taken = 1; taken < CLAIMS; taken += 1) await all.take(ENDPOINT, 1, 1);

    expect(await all.take(ENDPOINT, 1, 1)).toEqual([]);
    if (first) all.forget(first);
    expect(await all.take(ENDPOINT, 1, 1)).toHaveLength(1);
  });

  it('do not count when their signing keys cannot be read', async () => {
    open.mockImplementation(() => {
      throw new Error('the key ring is away');
    });
    const all = claims();
    for (let taken = 0; taken < CLAIMS; taken += 1)
      await expect(all.take(ENDPOINT, 1, 1)).rejects.toThrow('the key ring is away');

    open.mockReturnValue([]);
    expect(await all.take(ENDPOINT, 1, 1)).toHaveLength(1);
  });
});
