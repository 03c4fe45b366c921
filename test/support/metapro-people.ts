import { signInPerson } from './person-session';
import type { Person } from '../factories';
import type { Demo, TestApp } from './test-app';
import { sendLink } from './linked-wallets';
import { anEvmWallet } from './wallets';

/** A wallet that a person linked natively, in lower case. */
export async function linkedWallet(
  app: TestApp,
  demo: Demo,
  person: Person,
  key?: `0x${string}`,
): Promise<string> {
  const session = await signInPerson(app, demo, person);
  const steppedUp = await session.stepUp();
  const wallet = anEvmWallet('siwe', 'eip155:1', key);
  const linked = await sendLink(session, wallet);
  if (linked.status !== 201) throw new Error(`${steppedUp.status}, linking answered ${linked.status}`);
  return wallet.subject;
}
