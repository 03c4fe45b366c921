import { join, type Launching } from './relaunch';
import type { PersonSession } from './person-session';
import type { Demo, TestApp } from './test-app';

/** Merges an account into another of the same person. */
export async function mergeAccounts(
  app: TestApp,
  demo: Demo,
  survivor: PersonSession,
  loser: Launching,
): Promise<void> {
  const { status, text } = await join(app, demo, survivor, loser);
  if (status !== 200) throw new Error(`a merge answered ${status}: ${text}`);
}

/** Links an identity that has no account. @returns its id */
export async function linkIdentity(
  app: TestApp,
  demo: Demo,
  asking: PersonSession,
  linked: Launching,
): Promise<string> {
  const before = await identityIdsOf(asking);
  await mergeAccounts(app, demo, asking, linked);
  const [identityId] = (await identityIdsOf(asking)).filter((id) => !before.includes(id));
  if (identityId === undefined) throw new Error('no identity came');
  return identityId;
}

async function identityIdsOf(session: PersonSession): Promise<readonly string[]> {
  const { body } = await session.get('/v1/me/identities');
  return (body as { items: { identityId: string }[] }).items.map(({ identityId }) => identityId);
}

/** All identities came so long ago that nothing can be separated. */
export async function settleAttachments(app: TestApp): Promise<void> {
  await app.database.query(
    `UPDATE identities SET attached_at = attached_at - interval '31 days', separable_until = NULL`,
  );
  await app.database.query('DELETE FROM account_joins');
}
