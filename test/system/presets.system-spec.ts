import request from 'supertest';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { FakeTelegram } from '@countersign/fake-telegram';
import { aBotToken, anInitData, aPerson } from '../factories';
import { credentialsOf, MetaproClient, type MetaproLogin } from '../support/metapro-client';
import { basicOf } from '../support/oauth';
import type { TestApp } from '../support/test-app';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { anvilChain, chainsDocument } from '../support/chains';
import { useFixture } from '../support/use-fixture';
import { launchBrowser } from './support/browser';
import { startDevelopment } from './support/development';

const CHAIN_ID = 210_000;
const NETWORK = 'juchain';
const PAGE = 'https://game.example';
const CAPS = { maxFeePerGas: '100000000000', maxFee: '10000000000000000', depth: 0 };

interface JoinOfWallet {
  readonly joinLink: string;
  readonly joinNumber: string;
}

interface Created {
  readonly applicationId: string;
  readonly clientSecret: string;
}

describeWithAnvil('an application by commands, after npm start', () => {
  const anvil = useAnvil({ chainId: CHAIN_ID });
  const telegram = new FakeTelegram();
  const tokens = { metapro: aBotToken(), openWeb3: aBotToken(), xellar: aBotToken() };
  const run = useFixture(
    () => {
      const nodes = [anvil.url, anvil.url.replace('127.0.0.1', 'localhost')];
      const chain = anvilChain(nodes, { chainId: `eip155:${CHAIN_ID}`, name: NETWORK, sending: CAPS });
      const keys = Object.values(tokens).map((token) => `${token.split(':', 1)[0]}:${telegram.publicKeyHex}`);
      return startDevelopment({ CHAINS: chainsDocument(chain), DEMO_TELEGRAM_KEY: keys.join() });
    },
    { close: (started) => started.stop() },
  );
  const http = () => request(run.address);
  const create = async (system: string): Promise<Created> => {
    const { application, secret } = await run.countersign<{
      readonly application: Pick<Created, 'applicationId'>;
      readonly secret: Pick<Created, 'clientSecret'>;
    }>(`application create --name Shop --origin ${PAGE} --for ${system}`);
    return { ...application, ...secret };
  };
  const createWithBot = async (system: string, bot: string, token: string): Promise<Created> => {
    const created = await create(system);
    const add = `bot add --application ${created.applicationId} --username ${bot} --token-stdin`;
    await run.countersign(add, token);
    return created;
  };
  const initDataOf = (token: string, more: object = {}) =>
    anInitData(telegram, token, aPerson(), { authDate: new Date(), ...more });

  it('lets the clients of Metapro in, and has a leaderboard for them', async () => {
    const { applicationId, clientSecret } = await createWithBot('metapro', 'market_bot', tokens.metapro);
    const board = await run.countersign<{ boardId: string }>(`board list --application ${applicationId}`);
    expect(board).toMatchObject({ name: 'Scores', isUnverified: true });
    const client = new MetaproClient({ http: http() } as TestApp, '/ms/users-service');
    const login = await client.telegramLogin({
      projectId: applicationId,
      telegramBotName: 'market_bot',
      telegramSimpleString: initDataOf(tokens.metapro),
      rulesChecked: true,
    });
    const who = credentialsOf(login.body as MetaproLogin);
    const { userId = '' } = who;
    const key = generatePrivateKey();
    const wallet = privateKeyToAccount(key).address.toLowerCase();
    expect((await client.newAddress(who, key, { projectId: applicationId })).status).toBe(200);
    expect((await client.me(who)).body).toMatchObject({ addresses: [{ wallet }] });
    const personalDetails = { username: 'Vlad K.', avatar: 'ipfs://bafybeigdyrzt/vlad.png' };
    expect((await client.update(who, { personalDetails })).status).toBe(200);
    const profile = await client.get(`/ms/users-service/profile/${userId}`);
    expect(profile.body).toMatchObject({ userId, personalDetails });
    const body = { leaderboardId: board.boardId, projectId: applicationId, roundData: { score: 7 } };
    const sent = await client.sendTotal(userId, body, {
      authorization: basicOf({ applicationId, clientSecret }),
    });
    expect(sent.body).toMatchObject({ scoreTotal: { position: 1 } });
    const ranks = `score-total/leaderboard/${board.boardId}`;
    expect((await client.board(ranks, who)).body).toMatchObject([{ userId, position: 1 }]);
    const again = await client.walletLogin(key, { projectId: applicationId, rulesChecked: true });
    expect((again.body as MetaproLogin).account.userId).toBe(userId);
    const own = generatePrivateKey();
    const founded = await client.walletLogin(own, { projectId: applicationId, rulesChecked: true });
    expect(founded.status).toBe(200);
    const asked = await client.newAddress(who, own, { projectId: applicationId, merge: true });
    expect(asked.status).toBe(409);
    await joinInBrowser(asked.body as JoinOfWallet, own);
    const { addresses } = (await client.me(who)).body as { addresses: { wallet: string }[] };
    expect(addresses.map(({ wallet }) => wallet.toLowerCase())).toContain(
      privateKeyToAccount(own).address.toLowerCase(),
    );
  });

  /** The page of the link, in a browser with the wallet. */
  async function joinInBrowser({ joinLink, joinNumber }: JoinOfWallet, key: Hex): Promise<void> {
    const account = privateKeyToAccount(key);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.exposeFunction('askWallet', (method: string, [raw]: readonly Hex[]) =>
        method === 'personal_sign' && raw ? account.signMessage({ message: { raw } }) : [account.address],
      );
      await page.addInitScript(
        'window.ethereum = { request: ({ method, params = [] }) => askWallet(method, params) }',
      );
      await page.goto(joinLink);
      await page.getByText('asks in Shop').waitFor();
      await page.getByLabel('The number').fill(joinNumber);
      await page.getByRole('button').click();
      await page.getByText('Both are one account now').waitFor();
    } finally {
      await browser.close();
    }
  }
});
