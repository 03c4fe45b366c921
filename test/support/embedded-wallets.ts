import type request from 'supertest';
import { WalletExports } from '@countersign/embedded-wallets';
import { aPerson, type Person } from '../factories';
import { TestCustody } from './custody';
import type { WalletBody } from './linked-wallets';
import { signInPerson, type PersonSession } from './person-session';
import type { Demo, TestApp, ApplicationOptions } from './test-app';
import { useFixture } from './use-fixture';

export const EMBEDDED_DOMAIN = 'game.example';
export const HELLO = {
  kind: 'sign-message',
  chainId: 'eip155:1',
  request: { message: 'Hello', encoding: 'text' },
};

const TOKEN = `0x${'11'.repeat(20)}`;
const SPENDER = `0x${'22'.repeat(20)}`;

/** The type of a domain with all four members. */
export const EIP712_DOMAIN = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const;

/** A permit of a token, whose owner is the wallet. Its person has to consent. */
export function aPermit(owner: string): object {
  const deadline = '1900000000';
  return ofToken('Permit', 'owner spender value:uint256 nonce:uint256 deadline:uint256', {
    ...{ owner, spender: SPENDER, value: '1000000', nonce: '0', deadline },
  });
}

/** What one call takes of the wallet within so many seconds (ERC-3009). */
export function anAuthorisation(from: string, seconds = 3_000): object {
  const validBefore = String(Math.floor(Date.now() / 1_000) + seconds);
  const times = 'validAfter:uint256 validBefore:uint256';
  return ofToken('TransferWithAuthorization', `from to value:uint256 ${times} nonce:bytes32`, {
    ...{ from, to: SPENDER, value: '1000000', validAfter: '0', validBefore, nonce: `0x${'00'.repeat(32)}` },
  });
}

/** @param fields names, with their types unless these are `address` */
function ofToken(primaryType: string, fields: string, message: object): object {
  const types = fields.split(' ').map((field) => {
    const [name, type = 'address'] = field.split(':');
    return { name, type };
  });
  const typedData = {
    domain: { name: 'Coin', version: '1', chainId: 1, verifyingContract: TOKEN },
    types: { EIP712Domain: EIP712_DOMAIN, [primaryType]: types },
    ...{ primaryType, message },
  };
  return { kind: 'sign-typed-data', chainId: 'eip155:1', request: { typedData } };
}

/** Something to sign, for each act. */
export const signable = {
  'sign-message': () => HELLO,
  'sign-typed-data': ({ address }: Pick<WalletBody, 'address'>) => anAuthorisation(address),
  'sign-transaction': () => ({
    kind: 'sign-transaction',
    chainId: 'eip155:1',
    request: {
      transaction: {
        to: SPENDER,
        value: '1',
        data: '0x',
        nonce: 0,
        gas: '21000',
        maxFeePerGas: '2000000000',
        maxPriorityFeePerGas: '1000000000',
      },
    },
  }),
  'ton-proof': () => ({ kind: 'ton-proof', request: { domain: EMBEDDED_DOMAIN, payload: 'nonce-1' } }),
} as const;

export interface ActBody {
  readonly actId: string;
  readonly consent: { readonly link: string } | null;
  readonly details: {
    readonly maxFee: string;
  } | null;
}

/** The real custody process, for the applications of a file. */
export function useCustody(): TestCustody {
  return useFixture(() => TestCustody.start(), { close: (custody) => custody.close() });
}

export const environmentOf = ({ socket }: Pick<TestCustody, 'socket'>) => ({
  environment: { CUSTODY_SOCKET: socket },
});

/** An application whose people have embedded wallets. */
export async function aWalletApplication(
  app: TestApp,
  settings: object = {},
  { more = {}, ...options }: Omit<ApplicationOptions, 'settings'> & { readonly more?: object } = {},
): Promise<Demo> {
  const embeddedWallets = { enabled: true, domains: [EMBEDDED_DOMAIN], ...settings };
  return app.createApplication({ ...options, settings: { embeddedWallets, ...more } });
}

export async function embed(session: PersonSession, chain: 'evm' | 'ton' = 'evm'): Promise<WalletBody> {
  const { status, body } = await session.post('/v1/wallets/embedded', { chain });
  if (status !== 201 && status !== 200) throw new Error(`it answered ${status} ${JSON.stringify(body)}`);
  return body as WalletBody;
}

/** A person with an embedded wallet. */
export async function anEmbeddedWallet(
  app: TestApp,
  demo: Demo,
  { person = aPerson(), chain = 'evm' }: { readonly person?: Person; readonly chain?: 'evm' | 'ton' } = {},
): Promise<{ readonly session: PersonSession; readonly wallet: WalletBody }> {
  const session = await signInPerson(app, demo, person);
  return { session, wallet: await embed(session, chain) };
}

export function askForAct(
  session: PersonSession,
  { walletId }: Pick<WalletBody, 'walletId'>,
  wanted: object = HELLO,
): request.Test {
  return session.post(`/v1/wallets/${walletId}/acts`, wanted);
}

export async function actFor(
  session: PersonSession,
  wallet: Pick<WalletBody, 'walletId'>,
  wanted: object = HELLO,
): Promise<string> {
  const { status, body } = await askForAct(session, wallet, wanted);
  if (status !== 201) throw new Error(`the act answered ${status} ${JSON.stringify(body)}`);
  return (body as ActBody).actId;
}

export function perform(
  session: PersonSession,
  { walletId }: Pick<WalletBody, 'walletId'>,
  actId: string,
): request.Test {
  return session.post(`/v1/wallets/${walletId}/acts/${actId}/perform`);
}

/** Has the person of a session accept that the wallet is theirs. */
export async function bind(
  custody: TestCustody,
  session: PersonSession,
  chain: 'evm' | 'ton' = 'evm',
): Promise<void> {
  const { body } = await session.post('/v1/wallets/embedded', { chain });
  const { binding } = body as { readonly binding: ActBody | null };
  if (binding?.consent)
    expect(await custody.page.accept(binding.consent, session.person)).toEqual({ state: 'done' });
}

/** Asks for the words of a wallet, and accepts it at the consent page. @returns what shows them */
export async function acceptedExport(
  custody: TestCustody,
  session: PersonSession,
  { walletId, provider }: Pick<WalletBody, 'walletId' | 'provider'>,
): Promise<() => Promise<string>> {
  await bind(custody, session, provider === 'ton' ? 'ton' : 'evm');
  const { status, body } = await askForAct(session, { walletId }, { kind: 'export' });
  if (status !== 201) throw new Error(`the export answered ${status} ${JSON.stringify(body)}`);
  const asked = (body as ActBody).consent ?? { link: '' };
  expect(await custody.page.accept(asked, session.person)).toEqual({ state: 'accepted' });
  return () => custody.page.collected(asked, session.person);
}

/** The words of a wallet, which its person exports; the service knows of it. */
export async function exportWords(
  app: TestApp,
  custody: TestCustody,
  session: PersonSession,
  wallet: Pick<WalletBody, 'walletId' | 'provider'>,
): Promise<string> {
  const words = await (await acceptedExport(custody, session, wallet))();
  expect(await app.nest.get(WalletExports, { strict: false }).run()).toBe(1);
  return words;
}
