import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as oauth from 'oauth4webapi';
import { boundedFetch } from '@countersign/fetch';
import { CommandError, exitCodes, UsageError } from '../errors';
import { printable } from '../output';
import { announceReceiver, type Terminal } from '../call';
import { secureUrl } from '../secure-url';
import { endSession, NO_PRINCIPAL, signInWith, type SignedIn } from './api-client';

const LIMITS = { timeLimitMs: 30_000, maxBytes: 256 * 1024 };
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** In seconds (RFC 8628, sections 3.2 and 3.5). */
const DEFAULT_INTERVAL = 5;
const SLOWER = 5;
/** In seconds. A timer longer than 25 days would end at once, so the answer of the provider is bounded. */
const MIN_INTERVAL = 1;
const MAX_INTERVAL = 60;
/** A token that ends within this time is replaced, so that it outlasts the command. */
const EARLY_MS = 60_000;
const LOCK_TRIES = 200;

interface ClientAtProvider {
  readonly issuer: string;
  readonly clientId: string;
}

interface Tokens {
  readonly idToken: string;
  readonly refreshToken: string;
}

interface Login extends ClientAtProvider {
  readonly refreshToken: string;
  readonly accessToken: string;
  /** In milliseconds since the epoch. */
  readonly endsAt: number;
}

/** Signs a person in by the device grant (RFC 8628) and stores the login. @returns the scopes of the principal */
export async function logIn(
  { scope, ...at }: ClientAtProvider & { readonly scope: string },
  adminUrl: string,
  terminal: Terminal,
): Promise<readonly string[]> {
  const file = fileOf(adminUrl, terminal.environment);
  const provider = await discover(at);
  const tokens = await asking(() => askPerson(provider, scope, terminal));
  try {
    announceReceiver(terminal, adminUrl);
    return (await signIn(adminUrl, file, at, tokens)).scopes;
  } catch (error) {
    await revoke(provider, tokens.refreshToken, terminal).catch(() => undefined);
    throw error;
  }
}

/** Deletes the login, ends its access token, and revokes the refresh token. @returns false without a login */
export async function logOut(adminUrl: string, terminal: Terminal): Promise<boolean> {
  const file = fileOf(adminUrl, terminal.environment);
  const login = await read(file);
  if (!login) return false;
  try {
    await revoke(await discover(login), login.refreshToken, terminal);
  } finally {
    await rm(file);
    if (login.endsAt > Date.now()) {
      announceReceiver(terminal, adminUrl);
      await endSession(adminUrl, login.accessToken);
    }
  }
  return true;
}

export async function accessTokenOf(adminUrl: string, terminal: Terminal): Promise<string> {
  const file = fileOf(adminUrl, terminal.environment);
  const login = await read(file);
  if (!login) throw new UsageError(NO_PRINCIPAL);
  announceReceiver(terminal, adminUrl);
  if (!endsSoon(login)) return login.accessToken;
  // A provider that rotates refresh tokens accepts each once, so other commands wait.
  return locked(file, async () => {
    const latest = (await read(file)) ?? login;
    if (!endsSoon(latest)) return latest.accessToken;
    const provider = await discover(latest);
    const { refreshToken } = latest;
    announceReceiver(terminal, provider.server.token_endpoint ?? latest.issuer);
    const tokens = await asking(() => grant(provider, 'refresh_token', { refresh_token: refreshToken }));
    // The former refresh token is used up, even if the administration API refuses the id token.
    await write(file, { ...latest, refreshToken: tokens.refreshToken });
    return (await signIn(adminUrl, file, latest, tokens)).accessToken;
  });
}

async function signIn(
  adminUrl: string,
  file: string,
  { issuer, clientId }: ClientAtProvider,
  { idToken, refreshToken }: Tokens,
): Promise<SignedIn> {
  const signedIn = await signInWith(adminUrl, idToken);
  const { accessToken, expiresIn } = signedIn;
  const endsAt = Date.now() + expiresIn * 1_000;
  await write(file, { issuer, clientId, refreshToken, accessToken, endsAt });
  return signedIn;
}

interface Provider {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly options: object;
}

async function discover({ issuer, clientId }: ClientAtProvider): Promise<Provider> {
  const url = secureUrl(issuer);
  if (!url)
    throw new UsageError('--url must be that of an OpenID provider: https://, or http:// on this machine.');
  const options = {
    [oauth.customFetch]: (
      url: string,
      { method, headers, body }: oauth.CustomFetchOptions<string, unknown>,
    ) => boundedFetch(url, { method, headers, body: body instanceof URLSearchParams ? body : null }, LIMITS),
    // The page that asks for the code shows it.
    headers: { 'user-agent': 'countersign' },
    // oxlint-disable-next-line typescript/no-deprecated -- on this machine only
    [oauth.allowInsecureRequests]: url.protocol === 'http:',
  };
  const server = await asking(async () =>
    oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options)),
  );
  return { server, client: { client_id: clientId }, options };
}

async function askPerson(
  { server, client, options }: Provider,
  scope: string,
  terminal: Terminal,
): Promise<Tokens> {
  const asked = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), { scope }, options);
  const device = await oauth.processDeviceAuthorizationResponse(server, client, asked);
  const page = secureUrl(device.verification_uri_complete ?? device.verification_uri);
  if (!page) throw new Error('verification_uri is no https:// URL');
  terminal.write(`Open ${page.href}\nand continue if it shows the code ${printable(device.user_code)}.\n`);
  for (let interval = device.interval ?? DEFAULT_INTERVAL; ;) {
    interval = Math.min(Math.max(interval, MIN_INTERVAL), MAX_INTERVAL);
    await sleep(interval * 1_000);
    try {
      return await grant({ server, client, options }, DEVICE_GRANT, { device_code: device.device_code });
    } catch (error) {
      const code = error instanceof oauth.ResponseBodyError ? error.error : '';
      if (code === 'slow_down') interval += SLOWER;
      else if (code !== 'authorization_pending') throw error;
    }
  }
}

function revoke(
  { server, client, options }: Provider,
  refreshToken: string,
  terminal: Terminal,
): Promise<void> {
  announceReceiver(terminal, server.revocation_endpoint ?? server.issuer);
  return asking(async () =>
    oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, oauth.None(), refreshToken, options),
    ),
  );
}

/** An answer without a new refresh token leaves the former one valid. */
async function grant(
  { server, client, options }: Provider,
  type: string,
  form: Record<string, string>,
): Promise<Tokens> {
  const response = await oauth.genericTokenEndpointRequest(server, client, oauth.None(), type, form, options);
  const answer = await oauth.processGenericTokenEndpointResponse(server, client, response);
  const { id_token: idToken, refresh_token: refreshToken = form['refresh_token'] } = answer;
  if (idToken !== undefined && refreshToken !== undefined) return { idToken, refreshToken };
  throw new CommandError(
    'The provider gave no id token and refresh token: --scope may need offline_access.',
    exitCodes.refused,
  );
}

async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (error instanceof oauth.ResponseBodyError)
      throw new CommandError(
        `The OpenID provider refused (${printable(error.error)}): run "countersign login".`,
        exitCodes.refused,
      );
    throw new CommandError(
      `The OpenID provider does not answer as it should (${(error as Error).message}).`,
      exitCodes.unavailable,
    );
  }
}

/** Each administration API has its own file, so that no other API gets its tokens. */
function fileOf(adminUrl: string, { XDG_CONFIG_HOME: given = '' }: NodeJS.ProcessEnv): string {
  const folder = isAbsolute(given) ? given : join(homedir(), '.config');
  if (isAbsolute(folder)) return join(folder, 'countersign', `${encodeURIComponent(adminUrl)}.json`);
  // A relative path would put the login into the current folder.
  throw new UsageError('HOME must be an absolute path: the login is stored below it.');
}

async function read(file: string): Promise<Login | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Login;
  } catch {
    return null;
  }
}

/** Replaces the file atomically, readable by its user only. */
async function write(file: string, login: Login): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}`;
  await writeFile(next, JSON.stringify(login), { mode: 0o600 });
  await rename(next, file);
}

async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  const take = (): Promise<boolean> =>
    mkdir(lock).then(
      () => true,
      () => false,
    );
  for (let tries = 0; !(await take()); tries += 1) {
    if (tries === LOCK_TRIES)
      throw new CommandError(`Delete ${lock} if no other command runs.`, exitCodes.failed);
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    await rmdir(lock);
  }
}

function endsSoon({ endsAt }: Login): boolean {
  return !(endsAt > Date.now() + EARLY_MS);
}
