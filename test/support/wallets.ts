import { createHash } from 'node:crypto';
import { keyPairFromSeed, sign, type KeyPair } from '@ton/crypto';
import { beginCell, Cell, contractAddress, storeStateInit, type Address, type StateInit } from '@ton/core';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import type request from 'supertest';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { Demo, TestApp } from './test-app';

export const SITE = 'https://game.example';

export interface ChallengeBody {
  readonly challengeId: string;
  readonly address: string;
  readonly chainId: string;
  readonly message: string | null;
  readonly payload: string | null;
  readonly domain: string | null;
}

/** A wallet that answers challenges. */
export interface TestWallet {
  /** As challenges are asked for. */
  readonly address: string;
  readonly kind: 'siwe' | 'metapro' | 'ton-proof';
  readonly chainId: string;
  /** The identity that its proof is of. */
  readonly subject: string;
  readonly answer: (challenge: ChallengeBody) => Promise<object>;
}

export function anEvmWallet(
  kind: 'siwe' | 'metapro' = 'siwe',
  chainId = 'eip155:1',
  key = generatePrivateKey(),
): TestWallet & { readonly key: `0x${string}` } {
  const account = privateKeyToAccount(key);
  const subject = account.address.toLowerCase();
  return {
    key,
    address: account.address,
    kind,
    chainId,
    subject,
    answer: async ({ challengeId, message }) => ({
      challengeId,
      signature: await account.signMessage({ message: message ?? '' }),
    }),
  };
}

/** The same key, asked for another kind of proof. */
export function asKind(wallet: { readonly key: `0x${string}` }, kind: 'siwe' | 'metapro'): TestWallet {
  return anEvmWallet(kind, 'eip155:1', wallet.key);
}

let tonKeys = 0;

function aTonKey(): KeyPair {
  tonKeys += 1;
  return keyPairFromSeed(createHash('sha256').update(`${process.pid} ${tonKeys}`).digest());
}

type TonChain = 'ton:-239' | 'ton:-3';

export function aTonWallet(
  version: 'v4' | 'v5r1' = 'v4',
  chainId: TonChain = 'ton:-239',
  now: () => Date = () => new Date(),
): TestWallet & {
  readonly contract: WalletContractV4 | WalletContractV5R1;
  readonly secretKey: Buffer;
} {
  const key = aTonKey();
  const { publicKey } = key;
  const networkGlobalId = chainId === 'ton:-3' ? -3 : -239;
  const contract =
    version === 'v4'
      ? WalletContractV4.create({ workchain: 0, publicKey })
      : WalletContractV5R1.create({ workchain: 0, publicKey, walletId: { networkGlobalId } });
  return { ...tonWallet(contract, key, chainId, now), contract, secretKey: key.secretKey };
}

/** The wallet inside Telegram. Its key may be another one than that of which its address is made. */
export interface TelegramWallet extends TestWallet {
  /** The present key, 64 hex digits. */
  readonly publicKey: string;
  readonly secretKey: Buffer;
  readonly contract: { readonly address: Address; readonly init: StateInit };
  /** The same wallet with another key, with which it signs from now on. */
  readonly rotated: () => TelegramWallet;
}

/** The code of each wallet inside Telegram, and the number of its subwallets on the main network. */
const TELEGRAM_CODE = 'b5ee9c7241010101001a000030ff00209821d7498308b9f240df8085f833d0ed1e20ed53d969427e39';
export const TELEGRAM_SUBWALLET = 0x7fff7f11;

export function aTelegramWallet(now: () => Date): TelegramWallet {
  const first = aTonKey();
  const data = beginCell()
    .storeUint(0, 8)
    .storeUint(0, 32)
    .storeUint(TELEGRAM_SUBWALLET, 32)
    .storeBuffer(first.publicKey)
    .endCell();
  const [code] = Cell.fromBoc(Buffer.from(TELEGRAM_CODE, 'hex'));
  const init = { ...(code ? { code } : {}), data };
  const contract = { address: contractAddress(0, init), init };
  const withKey = (key: KeyPair): TelegramWallet => ({
    ...tonWallet(contract, key, 'ton:-239', now),
    publicKey: key.publicKey.toString('hex'),
    secretKey: key.secretKey,
    contract,
    rotated: () => withKey(aTonKey()),
  });
  return withKey(first);
}

function tonWallet(
  { address, init }: { readonly address: Address; readonly init: StateInit },
  { publicKey, secretKey }: KeyPair,
  chainId: TonChain,
  now: () => Date,
): TestWallet {
  const stateInit = beginCell().store(storeStateInit(init)).endCell().toBoc().toString('base64');
  return {
    address: address.toRawString(),
    kind: 'ton-proof',
    chainId,
    subject: address.toRawString(),
    answer: ({ challengeId, payload, domain }) => {
      const proof = {
        timestamp: Math.floor(now().getTime() / 1_000),
        domain: { lengthBytes: Buffer.byteLength(domain ?? ''), value: domain ?? '' },
        payload: payload ?? '',
      };
      const signature = sign(tonProofHash(address, proof), secretKey).toString('base64');
      return Promise.resolve({
        challengeId,
        tonProof: {
          address: address.toRawString(),
          network: chainId.slice('ton:'.length),
          publicKey: publicKey.toString('hex'),
          walletStateInit: stateInit,
          proof: { ...proof, signature },
        },
      });
    },
  };
}

/** What a wallet of TON signs, as its specification says it. */
function tonProofHash(
  address: Address,
  {
    timestamp,
    domain,
    payload,
  }: { readonly timestamp: number; readonly domain: { readonly value: string }; readonly payload: string },
): Buffer {
  const workchain = Buffer.alloc(4);
  workchain.writeInt32BE(address.workChain);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(domain.value));
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(BigInt(timestamp));
  const message = Buffer.concat([
    Buffer.from('ton-proof-item-v2/'),
    workchain,
    address.hash,
    length,
    Buffer.from(domain.value),
    time,
    Buffer.from(payload),
  ]);
  return sha256(Buffer.concat([Buffer.from('ffff', 'hex'), Buffer.from('ton-connect'), sha256(message)]));
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** An application that wallets are proven in, and found accounts in. */
export async function aWalletSite(app: TestApp): Promise<Demo> {
  return app.createApplication({ origins: [SITE], settings: { wallets: { createsAccounts: true } } });
}

export function askToSignIn(
  app: TestApp,
  { applicationId }: Pick<Demo, 'applicationId'>,
  { kind, address, chainId }: TestWallet,
  extra: object = {},
): request.Test {
  return app.http
    .post('/v1/auth/wallets/challenges')
    .send({ applicationId, kind, address, chainId, ...extra });
}

/** The body of a sign-in: a fresh challenge, answered. */
export async function walletSignInBody(
  app: TestApp,
  demo: Pick<Demo, 'applicationId'>,
  wallet: TestWallet,
): Promise<{ readonly applicationId: string; readonly challengeId: string }> {
  const challenge = bodyOf(await askToSignIn(app, demo, wallet));
  const { challengeId } = challenge;
  return { applicationId: demo.applicationId, challengeId, ...(await wallet.answer(challenge)) };
}

export async function signInByWallet(
  app: TestApp,
  demo: Pick<Demo, 'applicationId'>,
  wallet: TestWallet,
): Promise<request.Response> {
  return app.http.post('/v1/auth/wallets').send(await walletSignInBody(app, demo, wallet));
}

/** Within a session: what the wallet answers to a fresh challenge for the purpose. */
export async function walletProof(
  session: { post(path: string, body?: object): request.Test },
  wallet: TestWallet,
  purpose: string,
): Promise<object> {
  const { kind, address, chainId } = wallet;
  const answer = await session.post('/v1/wallets/challenges', { kind, address, chainId, purpose });
  return wallet.answer(bodyOf(answer));
}

/** A challenge as it was answered. */
export function bodyOf({ status, body }: request.Response): ChallengeBody {
  if (status !== 201) throw new Error(`the challenge answered ${status} ${JSON.stringify(body)}`);
  return body as ChallengeBody;
}
