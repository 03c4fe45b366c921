import { verifyMessage, verifyTypedData, type Address, type Hex, type TypedDataDefinition } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import {
  createEmbeddedWallet,
  untilAccepted,
  askForConsent,
  type WalletAct,
  walletSigner,
  type ActDetails,
} from '@countersign/client/wallets';
import { readTonAddress, readTonProof, verifyTonProof } from '@countersign/wallet-proofs';
import { aPerson, type Person } from '../factories';
import { Page } from '../support/client-page';
import {
  anAuthorisation,
  aWalletApplication,
  EMBEDDED_DOMAIN,
  environmentOf,
  useCustody,
} from '../support/embedded-wallets';
import type { Demo } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const game = useFixture(() => aWalletApplication(app));
const pages: Page[] = [];

function aPage({
  person = aPerson(),
  startParam,
  demo = game,
}: { person?: Person; startParam?: string; demo?: Demo } = {}): Page {
  const initData = app.initDataOf(demo, person, startParam === undefined ? {} : { startParam });
  const page = new Page(app, demo, { initData: () => initData });
  pages.push(page);
  return page;
}

/** A page whose person has a wallet, and confirms what it shows them. */
async function aWallet(chain: 'evm' | 'ton' = 'evm', demo = game) {
  const person = aPerson();
  const page = aPage({ person, demo });
  await page.client.signIn();
  const wallet = await createEmbeddedWallet(page.client, chain);
  const shown: ActDetails[] = [];
  const signer = walletSigner(page.client, wallet.walletId, (details) => shown.push(details) > 0);
  return { page, person, wallet, shown, signer };
}

afterEach(() => {
  for (const { client } of pages.splice(0)) client.close();
});

describe('a page with an embedded wallet', () => {
  it('signs a message that the person has seen', async () => {
    const { wallet, signer, shown } = await aWallet();

    const signature = (await signer.signMessage('eip155:1', 'Hello')) as Hex;

    const address = wallet.address as Address;
    expect(await verifyMessage({ address, message: 'Hello', signature })).toBe(true);
    expect(shown).toMatchObject([
      { kind: 'message', text: 'Hello', summary: ['Sign the text of a message.'] },
    ]);
  });

  it('signs typed data', async () => {
    const spends = await aWalletApplication(app, {
      acts: ['sign-typed-data', 'sign-transaction'],
    });
    const { wallet, signer } = await aWallet('evm', spends);
    const address = wallet.address as Address;
    const { request } = anAuthorisation(address) as { request: { typedData: TypedDataDefinition } };

    const signature = (await signer.signTypedData('eip155:1', request.typedData)) as Hex;

    expect(await verifyTypedData({ ...request.typedData, address, signature })).toBe(true);
  });

  it('gets the signature by the same call once custody is back', async () => {
    const { page, signer } = await aWallet();
    const isSigning = (path: string) => path.endsWith('/perform');
    await custody.kill();
    page.network = async (request, pass) => {
      const answer = await pass(request);
      if (isSigning(request.url) && answer.status === 503) await custody.run();
      return answer;
    };

    expect(await signer.signMessage('eip155:1', 'Hello')).toMatch(/^0x[0-9a-f]{130}$/);
    expect(page.requests.filter((request) => isSigning(request.path)).map(({ status }) => status)).toEqual([
      503, 200,
    ]);
  });

  it('proves a wallet of TON to a site that verifies by TON Connect', async () => {
    const { wallet, signer } = await aWallet('ton');
    const read = readTonAddress(wallet.address);
    if (!read.ok) throw new Error(read.code);

    const { publicKey, walletStateInit, ...proof } = await signer.signTonProof(EMBEDDED_DOMAIN, 'nonce-1');

    const given = readTonProof({
      ...{ address: read.value.raw, network: '-239', publicKey, walletStateInit },
      proof: {
        ...proof,
        domain: { lengthBytes: EMBEDDED_DOMAIN.length, value: EMBEDDED_DOMAIN },
        payload: 'nonce-1',
      },
    });
    if (!given.ok) throw new Error(given.code);
    const now = app.clock.now();
    const policy = { payload: 'nonce-1', network: '-239', address: null, domain: EMBEDDED_DOMAIN } as const;
    expect(verifyTonProof(given.value, { ...policy, issuedAt: now, now })).toMatchObject({
      ok: true,
      value: { status: 'proven', address: read.value.raw, publicKey, wallet: 'v5r1' },
    });
  });

  it('asks for the words at the consent page, where they are shown', async () => {
    const { page, person, wallet } = await aWallet();
    const { binding } = await createEmbeddedWallet(page.client, 'evm');
    const opening: Promise<unknown>[] = [];
    const accept = (link: string) => void opening.push(custody.page.accept({ link }, person));
    await untilAccepted(page.client, wallet.walletId, binding as WalletAct, accept);

    await askForConsent(page.client, wallet.walletId, 'export', (link) => {
      accept(link);
      opening.push(Promise.resolve({ link }));
    });

    const [bound, accepted, asked] = await Promise.all(opening);
    expect([bound, accepted]).toEqual([{ state: 'done' }, { state: 'accepted' }]);
    const words = await custody.page.collected(asked as { readonly link: string }, person);
    expect(mnemonicToAccount(words).address).toBe(wallet.address);
  });

  it('freezes the wallet at once', async () => {
    const { page, wallet, signer } = await aWallet();
    const { walletId } = wallet;
    await page.client.call('POST', '/v1/wallets/{walletId}/freeze', { path: { walletId } });
    await expect(signer.signMessage('eip155:1', 'Hello')).rejects.toMatchObject({ code: 'wallet.frozen' });
  });
});
