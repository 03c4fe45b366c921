import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { XellarDemo } from './xellar-client';

/** The clients of Xellar as npm has them. Only what tests call is typed. */
type Fields = Readonly<Record<string, unknown>>;
type Call<T = Fields> = (...args: readonly unknown[]) => Promise<T>;

interface SdkWallet {
  readonly balanceCoin: Call;
  readonly balanceToken: Call;
  readonly balanceTokenBatch: Call;
  readonly cancelTransaction?: Call;
  readonly estimateGas: Call;
  readonly getAddresses?: (walletToken: string) => unknown;
  readonly refreshToken: Call<Pair>;
  readonly sendCoin: Call;
  readonly sendToken: Call;
  readonly sendTransaction: Call;
  readonly transferERC721: Call;
  readonly signAuthorization?: Call;
  readonly signHash?: Call;
  readonly signMessage: Call<unknown>;
  readonly signTransaction: Call<unknown>;
  readonly signTypedData: Call<unknown>;
}

interface AxiosLike {
  readonly interceptors: {
    readonly request: {
      use(change: (config: AxiosConfig) => AxiosConfig): number;
      eject(id: number): void;
    };
  };
}

interface AxiosConfig {
  baseURL?: string;
  headers: Record<string, string>;
}

interface Group {
  readonly axiosInstance: AxiosLike & { readonly defaults: { readonly headers: Record<string, unknown> } };
}

export interface Sdk {
  readonly auth: Group & { readonly telegram: { readonly authorize: Call<LoggedIn> } };
  readonly account: Group & {
    readonly wallet: { readonly create: Call<Created>; readonly recover: Call<Created> };
  };
  readonly wallet: Group & SdkWallet;
}

export interface Pair {
  readonly walletToken: string;
  readonly refreshToken: string;
}

export interface LoggedIn extends Partial<Pair> {
  readonly accessToken?: string;
  readonly isWalletCreated: boolean;
  readonly addresses?: readonly { readonly network: string; readonly address: string }[];
}

export interface Created extends Pair {
  readonly address: readonly { readonly network: string; readonly address: string }[];
}

type SdkClass = new (options: { clientSecret: string; appId?: string; env: 'sandbox' | 'production' }) => Sdk;

const SDKS = {
  '@xellar/sdk 4.8.0': ['@xellar/sdk', { isByApp: true }],
  '@xellar/sdk 4.2.14': ['xellar-sdk-4-2', { isByApp: true }],
  'xellar-ew-sdk 3.6.5': ['xellar-ew-sdk', { isByApp: false }],
} as const;
export type SdkName = keyof typeof SDKS;

const HOSTS = /^https:\/\/mpc-(?:dev|api)\.xellar\.co/;

/**
 * The unmodified clients, whose calls go to a service here instead of their constant hosts. Calls without a client secret get the
 * origin of a page, as a browser would send it: 4.8.0 names the application by its id alone, which is for pages.
 */
export class XellarSdks {
  private readonly load = createRequire(join(__dirname, '..', 'xellar-clients', 'package.json'));
  private readonly axios = this.load('axios') as AxiosLike;
  private readonly interceptor: number;

  constructor(
    private readonly baseUrl: string,
    private readonly origin: string,
  ) {
    // Their refreshes use axios itself, all other calls instances of it.
    this.interceptor = this.axios.interceptors.request.use((config) => this.toHere(config));
  }

  /** The class of errors that 4.8.0 exports. */
  get errorClass(): new () => Error {
    const { XellarError } = this.load('@xellar/sdk') as { readonly XellarError: new () => Error };
    return XellarError;
  }

  close(): void {
    this.axios.interceptors.request.eject(this.interceptor);
  }

  make(name: SdkName, { applicationId: appId, clientSecret }: Omit<XellarDemo, 'botToken'>): Sdk {
    const [folder, more] = SDKS[name];
    const loaded = this.load(folder) as { readonly XellarSDK?: SdkClass; readonly default?: SdkClass };
    const Client = loaded.XellarSDK ?? loaded.default;
    if (!Client) throw new Error(`${name} has no client`);
    const sdk = new Client({ clientSecret, env: 'sandbox', ...(more.isByApp ? { appId } : {}) });
    for (const { axiosInstance } of [sdk.auth, sdk.account, sdk.wallet])
      axiosInstance.interceptors.request.use((config) => this.toHere(config));
    return sdk;
  }

  private toHere(config: AxiosConfig): AxiosConfig {
    if (config.baseURL && HOSTS.test(config.baseURL)) {
      config.baseURL = config.baseURL.replace(HOSTS, this.baseUrl);
      if (!config.headers['x-client-secret']) config.headers['Origin'] = this.origin;
    }
    return config;
  }
}

export interface SdkError extends Error {
  readonly code: string;
  readonly details?: { readonly code?: string; readonly message?: string; readonly data?: unknown };
}

/** What a call of a client threw. */
export async function errorOf(call: Promise<unknown>): Promise<SdkError> {
  try {
    const answer = await call;
    throw new RangeError(`it answered ${JSON.stringify(answer)}`);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return error as SdkError;
  }
}

/** A person with a client, whose calls use one wallet token each. 3.6.5 keeps its tokens itself, and refreshes after a 401. */
export class SdkPerson {
  private pair: Pair | null = null;

  constructor(
    readonly sdk: Sdk,
    private readonly name: SdkName,
  ) {}

  async login(body: object): Promise<LoggedIn> {
    const login = await this.sdk.auth.telegram.authorize({ botUsername: 'test_bot', ...body });
    this.pair = login.walletToken ? pairOf(login) : null;
    return login;
  }

  /** After a login without a wallet. */
  async create({ accessToken }: LoggedIn): Promise<Created> {
    const { create } = this.sdk.account.wallet;
    const created = await (this.isStateful ? create() : create({ accessToken }));
    this.pair = pairOf(created);
    return created;
  }

  coins(network: string): Promise<Fields> {
    return this.call('balanceCoin', { network }, [network]);
  }

  token(network: string, tokenAddress: string): Promise<Fields> {
    return this.call('balanceToken', { network, tokenAddress }, [tokenAddress, network]);
  }

  tokens(network: string, tokenAddresses: readonly string[]): Promise<Fields> {
    return this.call('balanceTokenBatch', { network, tokenAddresses }, [tokenAddresses, network]);
  }

  /** @returns the fields of the answer; of a signature, `signature` alone */
  async call(
    method: Exclude<keyof SdkWallet, 'getAddresses'>,
    config: object,
    positional: readonly unknown[] = [config],
  ): Promise<Fields> {
    const work = this.sdk.wallet[method];
    if (!work) throw new Error(`${this.name} has no ${method}`);
    const answer = await (this.isStateful ? work(...positional) : work({ ...config, ...this.pair }));
    if (typeof answer === 'string') return { signature: answer };
    const { walletToken, refreshToken, ...fields } = answer as Fields & Partial<Pair>;
    if (walletToken) this.pair = { walletToken, refreshToken: refreshToken ?? '' };
    return fields;
  }

  async refresh(): Promise<Pair> {
    this.pair = await this.sdk.wallet.refreshToken(this.current().refreshToken);
    return this.pair;
  }

  current(): Pair {
    if (!this.pair) throw new Error('the person has no wallet');
    return this.pair;
  }

  private get isStateful(): boolean {
    return this.name === 'xellar-ew-sdk 3.6.5';
  }
}

function pairOf({ walletToken, refreshToken }: LoggedIn | Pair): Pair {
  return { walletToken: walletToken ?? '', refreshToken: refreshToken ?? '' };
}
