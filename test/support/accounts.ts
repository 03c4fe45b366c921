import type { PersonSession } from './person-session';
import type { Demo, TestApp } from './test-app';

/** Merges an account into another of the same person. */
export async function mergeAccounts(
  app: TestApp,
  demo: Demo,
  survivor: PersonSession,
  loser: Pick<PersonSession, 'person'>,
): Promise<void> {
  const proof = { initData: app.initDataOf(demo, loser.person) };
  for (const answer of [await survivor.stepUp(), await survivor.post('/v1/me/merges', proof)])
    if (answer.status !== 200) throw new Error(`a merge answered ${answer.status}: ${answer.text}`);
}

/** Links an identity that has no account. @returns its id */
export async function linkIdentity(
  app: TestApp,
  demo: Demo,
  asking: PersonSession,
  linked: Pick<PersonSession, 'person'>,
): Promise<string> {
  const stepUp = await asking.stepUp();
  const proof = { initData: app.initDataOf(demo, linked.person) };
  const answer = await asking.post('/v1/me/identities/telegram/init-data', proof);
  if (stepUp.status !== 200 || answer.status !== 201)
    throw new Error(`a link answered ${stepUp.status} and ${answer.status}: ${answer.text}`);
  return (answer.body as { identityId: string }).identityId;
}

/** All identities came so long ago that they leave at once when they are unlinked. */
export async function settleAttachments(app: TestApp): Promise<void> {
  await app.database.query(`UPDATE identities SET attached_at = attached_at - interval '31 days'`);
  await app.database.query('DELETE FROM account_joins');
}
