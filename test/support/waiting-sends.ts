import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { sealedJson } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { WalletKeys } from '@countersign/linked-wallets';
import { SendWaits } from '@countersign/sending';
import type { WalletBody } from './linked-wallets';
import type { PersonSession } from './person-session';
import { coin } from './sends';
import type { Demo, TestApp } from './test-app';

const DAY_MS = 86_400_000;

/** A send that waits, for a launch or a day, where no node is. */
export async function aStoredWait(
  app: TestApp,
  { applicationId }: Demo,
  { sessionId }: PersonSession,
  { walletId }: WalletBody,
  { isForLaunch = false } = {},
): Promise<string> {
  const now = app.clock.now();
  const id = uuidv7({ msecs: now.getTime() });
  await app.nest.get(AuditService, { strict: false }).prepare();
  await app.nest.get(Database).transaction(async (tx) => {
    const wallet = (await app.nest.get(WalletKeys, { strict: false }).open(tx, [walletId])).get(walletId);
    if (!wallet) throw new Error('the wallet cannot be opened');
    await app.nest.get(SendWaits, { strict: false }).begin(
      tx,
      wallet,
      {
        ...{ id, walletId, applicationId, sessionId, chainId: 'eip155:1' },
        ...{
          refusal: null,
          freezeUntil: null,
          isCompat: false,
          revision: 0,
          outcome: null,
        },
        ...{ keyDigest: randomBytes(32), requestDigest: randomBytes(32) },
        ...{ createdAt: now, lookedAt: now, broadcastAt: now },
        details: sealedJson<object>('sends', 'details').seal(wallet.dataKey, id, { kind: 'transaction' }),
      },
      { request: coin(), maxFee: '1' },
      isForLaunch
        ? { outcome: 'waits-for-launch' }
        : { outcome: 'waits-until', at: new Date(now.getTime() + DAY_MS) },
    );
  });
  return id;
}
