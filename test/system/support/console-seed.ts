import { setTimeout as sleep } from 'node:timers/promises';
import { aPerson, type Person } from '../../factories';
import { CHAIN, coin, ETHER } from '../../support/sends';
import type { Anvil } from '../../support/anvil';
import type { ConsoleService, SignIn } from './console-service';

interface SeededWallet {
  readonly person: Person;
  readonly session: SignIn;
  readonly walletId: string;
  readonly address: string;
}

/** The application lets its people have embedded wallets that send. */
export async function allowWallets({ countersign, application }: ConsoleService): Promise<void> {
  const settings = {
    embeddedWallets: { enabled: true, domains: ['game.example'], acts: ['send', 'export'] },
  };
  await countersign.run(
    `application set ${application.applicationId} --settings-stdin`,
    JSON.stringify(settings),
  );
}

/** A person with an embedded wallet, which has sent coins. */
export async function aSendingWallet(service: ConsoleService, anvil: Anvil): Promise<SeededWallet> {
  const person = aPerson();
  const session = await service.signIn(person);
  const { accessToken } = session;
  const post = <T>(path: string, body: object): Promise<T> => service.call('POST', path, body, accessToken);
  const { walletId, address } = await post<SeededWallet>('/v1/wallets/embedded', { chain: 'evm' });
  await anvil.request('anvil_setBalance', [address, `0x${(10n * ETHER).toString(16)}`]);
  const { actId } = await post<{ actId: string }>(`/v1/wallets/${walletId}/acts`, {
    ...{ kind: 'send', chainId: CHAIN, request: coin(ETHER) },
  });
  await post(`/v1/wallets/${walletId}/acts/${actId}/perform`, {});
  return { person, session, walletId, address };
}

/** Merges the account of a new person into that of another one, as both do it. @returns the account that has both */
export async function aMergedAccount(service: ConsoleService): Promise<SignIn> {
  const [asking, asked] = [aPerson(), aPerson()];
  const session = await service.signIn(asking);
  await service.signIn(asked);
  // A request to join reaches accounts that are older than it.
  await sleep(1_100);
  const { code } = await service.call<{ code: string }>(
    'POST',
    '/v1/me/step-up/requests',
    { act: 'account.join' },
    session.accessToken,
  );
  const launched = await service.signIn(asking, { startParam: `s_${code}` });
  const join = await service.call<{ code: string; number: number }>(
    ...(['POST', '/v1/me/joins', null, launched.accessToken, launched.stepUp?.grant] as const),
  );
  const other = await service.signIn(asked, { startParam: `j_${join.code}` });
  await service.call(
    'POST',
    `/v1/joins/${join.code}/accept`,
    { number: join.number },
    other.accessToken,
    other.join?.grant,
  );
  return session;
}

/** A leaderboard of the application. @returns its id */
export async function aBoard({ application, countersign }: ConsoleService): Promise<string> {
  const { boardId } = await countersign.json<{ boardId: string }>(
    `board create --application ${application.applicationId} --name Ladder --rule best --better higher --calendar weekly`,
  );
  return boardId;
}
