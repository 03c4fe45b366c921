import { execFile } from 'node:child_process';
import { mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeFunctionData, parseAbi, toHex, type Hex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { anvilAccount, describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { anvilChain, chainsDocument } from '../support/chains';
import { ANVIL_CHAIN, sharedWallet } from '../support/contract-wallets';
import { expectProblem } from '../support/expect-problem';
import { aSteppedUp } from '../support/linked-wallets';
import { signInPerson, type PersonSession } from '../support/person-session';
import { testServer } from '../support/test-server';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const REPOSITORY = join(__dirname, '../..');
const DOCUMENT = join(REPOSITORY, 'docs/link-a-safe.md');
const PHRASE = 'test test test test test test test test test test test junk';
const HOURS_23 = 23 * 3_600;

describeWithAnvil('docs/link-a-safe.md', () => {
  const anvil = useAnvil();
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsDocument(anvilChain([anvil.url], { timeLimitMs: 2_000 })) },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  const owners = [1, 2, 3].map(anvilAccount);
  let folder: string;
  let safe: Deployed;
  let person: PersonSession;
  let challengeId: string;

  /** Runs a script of the document, in a folder where viem is installed. */
  async function run(name: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const text = await readFile(DOCUMENT, 'utf8');
    const [, script = ''] = /^```js\n([^]*?)^```$/m.exec(text.slice(text.indexOf(`**${name}**`))) ?? [];
    await writeFile(join(folder, name), script);
    const { stdout } = await promisify(execFile)(process.execPath, [name], {
      cwd: folder,
      env: { ...process.env, ...env },
    });
    return stdout.trim();
  }

  const check = (SIGNATURE: string): Promise<string> => run('check.mjs', { RPC_URL: anvil.url, SIGNATURE });

  /** Of the owners of these places. */
  async function joined(...places: readonly number[]): Promise<string> {
    const keys = places.map((place) =>
      toHex(mnemonicToAccount(PHRASE, { addressIndex: place }).getHdKey().privateKey ?? new Uint8Array()),
    );
    const lines = await Promise.all(keys.map((OWNER_KEY) => run('sign.mjs', { OWNER_KEY })));
    await writeFile(join(folder, 'signatures.txt'), `${lines.join('\n')}\n`);
    return run('join.mjs');
  }

  beforeEach(async () => {
    // Deleted with the database server of the run.
    folder = await mkdtemp(join(testServer().folder, 'safe-'));
    await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
    safe = await anvil.deploy('SharedWallet', [owners.map(({ address }) => address), 2n]);
    person = await signInPerson(app, demo);
    const wanted = { kind: 'siwe', address: safe.address, chainId: ANVIL_CHAIN, purpose: 'link' };
    const { body } = await person.post('/v1/wallets/challenges', { ...wanted, forContract: true });
    const { address, chainId, message, ...rest } = body as Record<string, string>;
    challengeId = rest['challengeId'] ?? '';
    await writeFile(join(folder, 'message.json'), JSON.stringify({ address, chainId, message }));
  });

  it('links what two of three owners signed, a day and a new session later', async () => {
    const signature = await joined(3, 1);
    expect(await check(signature)).toBe('true');
    const again = await signInPerson(app, demo, person.person);
    const early = await again.post('/v1/wallets/links', { challengeId, signature, canSignIn: true });
    expectProblem(early, 403, 'account.step_up_required');
    app.clock.advance(HOURS_23);

    const next = await aSteppedUp(app, demo, person.person);
    const linked = await next.post('/v1/wallets/links', { challengeId, signature, canSignIn: true });

    expect(linked.status).toBe(201);
    expect(linked.body).toMatchObject({ chainId: ANVIL_CHAIN, canSignIn: false });
    expectProblem(
      await next.post('/v1/wallets/links', { challengeId, signature, canSignIn: true }),
      401,
      'wallet.challenge_used',
    );
    const other = await aSteppedUp(app, demo);
    const { kind, address, chainId } = sharedWallet(safe.address, []);
    const { body } = await other.post('/v1/wallets/challenges', { kind, address, chainId });
    const answer = await sharedWallet(safe.address, [anvilAccount(1), anvilAccount(2)]).answer(body as never);
    expectProblem(
      await other.post('/v1/wallets/links', { ...answer, canSignIn: true }),
      409,
      'identity.belongs_to_another',
    );
  });

  it('says before the attempt that one owner alone does not do', async () => {
    const signature = await joined(1);
    expect(await check(signature)).toBe('false');

    const session = await aSteppedUp(app, demo, person.person);
    const answer = await session.post('/v1/wallets/links', { challengeId, signature, canSignIn: true });
    expectProblem(answer, 401, 'wallet.signature_invalid');
  });

  it('links what two of three owners approved on the chain', async () => {
    expect(await check('0x')).toBe('false');
    const data = (await run('approve.mjs')) as Hex;
    const { args } = decodeFunctionData({ abi: parseAbi(['function signMessage(bytes)']), data });
    for (const owner of owners.slice(1)) await anvil.write(safe, 'approve', [args[0]], { from: owner });
    expect(await check('0x')).toBe('true');

    const session = await aSteppedUp(app, demo, person.person);
    const linked = await session.post('/v1/wallets/links', { challengeId, signature: '0x', canSignIn: true });
    expect(linked.body).toMatchObject({ chainId: ANVIL_CHAIN, canSignIn: false });
  });
});
