import { privateKeyToAccount } from 'viem/accounts';
import type request from 'supertest';
import { aPerson, type LaunchOptions, type Person } from '../factories';
import type { Demo, TestApp } from './test-app';

/** What a login answers, as the public clients type it. */
export interface MetaproLogin {
  readonly account: MetaproUser;
  readonly token: { readonly accessToken: string; readonly tokenType: string };
}

interface MetaproUser {
  readonly userId: string;
  readonly addresses: readonly { readonly wallet: string }[];
  readonly personalDetails?: Readonly<Record<string, string>>;
}

export interface MetaproTeam {
  readonly teamId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly members: readonly { readonly address: string; readonly userId: string }[];
}

export interface Credentials {
  readonly accessToken?: string;
  readonly userId?: string;
  readonly wallet?: string;
  readonly hash?: string;
}

/** What is known of a score. */
export interface MetaproScore {
  readonly userId: string | null;
  readonly position: number | null;
  readonly isUnverified: boolean;
  readonly roundData: { readonly score: number | null };
  readonly currentRoundData: { readonly score: number | null };
  readonly totalRoundData: { readonly score: number | null };
}

/** Of the leaderboard service. Pages have the key; only the server has the secret. */
type BoardHeaders = Partial<Record<'leaderboardApiKey' | 'authorization' | 'x-account-userid', string>>;

/** A client of the API, written from the public description of its calls alone. */
export class MetaproClient {
  constructor(
    private readonly app: TestApp,
    private readonly users = '/users-service',
  ) {}

  get(path: string, who: Credentials = {}): request.Test {
    return this.app.http.get(path).set(headersOf(who));
  }

  post(path: string, body: object, who: Credentials = {}): request.Test {
    return this.app.http.post(path).set(headersOf(who)).send(body);
  }

  telegramLogin(body: object): request.Test {
    return this.post(`${this.users}/v2/auth/telegram/login/simple`, body);
  }

  /** By the init data of a launch. */
  async logIn(
    project: Demo,
    person: Person = aPerson(),
    launch: Pick<LaunchOptions, 'omitSignature'> = {},
  ): Promise<MetaproLogin> {
    const answer = await this.telegramLogin({
      projectId: project.applicationId,
      telegramBotName: 'test_bot',
      telegramSimpleString: this.app.initDataOf(project, person, launch),
    });
    expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: 200 });
    return answer.body as MetaproLogin;
  }

  me(who: Credentials): request.Test {
    return this.get(`${this.users}/me`, who);
  }

  update(who: Credentials, body: object): request.Test {
    return this.app.http.patch(`${this.users}/update`).set(headersOf(who)).send(body);
  }

  teams(query = '', who: Credentials = {}): request.Test {
    return this.get(`/ms/teams/v1/teams${query}`, who);
  }

  team(teamId: string, who: Credentials = {}): request.Test {
    return this.get(`/ms/teams/v1/teams/${teamId}`, who);
  }

  createTeam(who: Credentials, body: object): request.Test {
    return this.post('/ms/teams/v1/teams', body, who);
  }

  apps(query = ''): request.Test {
    return this.get(`/ms/teams/v1/apps${query}`);
  }

  oneApp(appId: string): request.Test {
    return this.get(`/ms/teams/v1/apps/${appId}`);
  }

  appByKey(appKey: string): request.Test {
    return this.get(`/ms/apps/v1/apps/appkey/${appKey}`);
  }

  /** Connects the wallet of a key to the account. */
  async newAddress(who: Credentials, key: `0x${string}`, body: object = {}): Promise<request.Response> {
    const signed = await this.signed(key);
    const path = `${this.users}/v2/auth/web3/new-address`;
    return this.post(path, { ...signed.body, ...body }, { ...signed.headers, ...who });
  }

  /** A page sends the key of the leaderboard, and no token. */
  board(path: string, who: Credentials = {}): request.Test {
    return this.get(`/ms/leaderboard/${path}`, who).set('leaderboardApiKey', 'shown-to-everybody');
  }

  sendTotal(userId: string, body: object, headers: BoardHeaders): request.Test {
    return this.app.http.put(`/ms/leaderboard/score-total/${userId}`).set(headers).send(body);
  }

  sendOfMap(body: object, headers: BoardHeaders): request.Test {
    return this.app.http.post('/ms/leaderboard/score-map/create').set(headers).send(body);
  }

  match(leaderboardId: string): request.Test {
    return this.app.http.post('/ms/leaderboard/match-data/create').send({ leaderboardId });
  }

  nfts(
    wallet: string,
    who: Credentials,
    query = '_items=true&sort%5Btoken.creationBlock%5D=desc',
  ): request.Test {
    return this.get(`/ms/nft/v1/user/${wallet}/tokens?${query}`, who);
  }

  nftEvents(wallet: string, who: Credentials, query = ''): request.Test {
    return this.get(`/ms/nft-events/v1/user-events/${wallet}?${query}`, who);
  }

  async hashFor(wallet: string, path = '/v2/auth/web3/signature/hash'): Promise<string> {
    const { body } = await this.get(`${this.users}${path}`, { wallet });
    return (body as { readonly hash: string }).hash;
  }

  /** Asks for a hash, lets the key sign the fixed message, and logs in. */
  async walletLogin(
    key: `0x${string}`,
    body: object = {},
    path = '/v2/auth/web3/login',
  ): Promise<request.Response> {
    const signed = await this.signed(key);
    return this.post(`${this.users}${path}`, { ...signed.body, ...body }, signed.headers);
  }

  async signed(key: `0x${string}`) {
    const account = privateKeyToAccount(key);
    const wallet = account.address.toLowerCase();
    const hash = await this.hashFor(wallet);
    const signature = await account.signMessage({ message: messageOf(wallet, hash) });
    return { headers: { wallet, hash }, body: { wallet, signature } };
  }
}

export function expectRefused(answer: request.Response, status: number, code: string): void {
  expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status, body: { code } });
}

export function credentialsOf({ account, token }: MetaproLogin): Credentials {
  return { accessToken: token.accessToken, userId: account.userId };
}

function messageOf(wallet: string, hash: string): string {
  return `Please sign to let us verify\nthat you are the owner of this address\n${wallet}\n\nRequest ID ${hash}`;
}

function headersOf({ accessToken, userId, wallet, hash }: Credentials): Record<string, string> {
  return {
    ...(accessToken === undefined ? {} : { Authorization: accessToken }),
    ...(userId === undefined ? {} : { 'x-account-userid': userId }),
    ...(wallet === undefined ? {} : { 'x-account-wallet': wallet }),
    ...(hash === undefined ? {} : { 'x-account-login-hash': hash }),
  };
}
