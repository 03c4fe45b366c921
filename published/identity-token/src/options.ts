const ALGORITHMS = ['ES256', 'EdDSA'] as const;

/**
 * How hard it is to forge the proof of a session, weakest first. A first-party application merely allows the bot of
 * `allowed-bot`: the operator of this bot can sign in as each of its visitors.
 */
const ASSURANCES = ['allowed-bot', 'vendor', 'bot-token', 'platform'] as const;
export type IdentityTokenAssurance = (typeof ASSURANCES)[number];

/** `ES256` is ECDSA on P-256, and `EdDSA` is Ed25519. */
export type IdentityTokenAlgorithm = (typeof ALGORITHMS)[number];

export interface IdentityTokenOptions {
  /** The URL of Countersign, exactly as its tokens name it in `iss`. */
  readonly issuer: string;
  /** The application's id, or the audience that the gateway requests. The token must name one of a list. */
  readonly audience: string | readonly [string, ...string[]];
  /** The address of the issuer's keys. The default is `<issuer>/.well-known/jwks.json`. */
  readonly jwksUrl?: string;
  /** The default is only `ES256`. */
  readonly algorithms?: readonly [IdentityTokenAlgorithm, ...IdentityTokenAlgorithm[]];
  /** The weakest accepted assurance. Without it, any is accepted. */
  readonly leastAssurance?: IdentityTokenAssurance;
  /** Allows plain HTTP to another machine for the keys. An attacker on the network path can then forge any identity. */
  readonly allowHttp?: boolean;
  /** The timeout for the issuer's response, in seconds. The default is 2. */
  readonly timeLimit?: number;
  readonly now?: () => Date;
  readonly fetch?: typeof fetch;
  /** Is called after each failed fetch of the keys. Nothing else shows the failure while older keys are used. */
  readonly onRefreshFailed?: (cause: unknown) => void;
}

export interface Policy extends Required<
  Omit<IdentityTokenOptions, 'audience' | 'allowHttp' | 'leastAssurance'>
> {
  readonly audiences: readonly string[];
  readonly leastAssurance: IdentityTokenAssurance | undefined;
}

type Rule = readonly [isRight: (value: unknown) => boolean, form: string];

const aFunction: Rule = [(value) => typeof value === 'function', 'a function'];
const aUrl: Rule = [isPlainUrl, 'an http or https URL without credentials, query and fragment'];

const rules: Record<keyof IdentityTokenOptions, Rule> = {
  issuer: aUrl,
  audience: [isAudience, 'text that is not empty, or a list of such texts'],
  jwksUrl: aUrl,
  algorithms: [isAlgorithms, `a list of some of ${ALGORITHMS.join(', ')}`],
  leastAssurance: [(value) => readAssurance(value) !== undefined, `one of ${ASSURANCES.join(', ')}`],
  allowHttp: [(value) => typeof value === 'boolean', 'true or false'],
  timeLimit: [
    (value) => typeof value === 'number' && value >= 0.05 && value <= 30,
    'a number of seconds from 0.05 to 30',
  ],
  now: aFunction,
  fetch: aFunction,
  onRefreshFailed: aFunction,
};

/** @throws TypeError or RangeError for options that would weaken the check */
export function readOptions(options: IdentityTokenOptions): Policy {
  const required = { issuer: undefined, audience: undefined };
  for (const [name, value] of Object.entries<unknown>({ ...required, ...options })) {
    if (!Object.hasOwn(rules, name)) throw new TypeError(`there is no option ${name}`);
    const [isRight, form] = rules[name as keyof IdentityTokenOptions];
    if (isRight(value) || (value === undefined && !Object.hasOwn(required, name))) continue;
    throw new (typeof value === 'number' ? RangeError : TypeError)(`${name} has to be ${form}`);
  }
  return {
    issuer: options.issuer,
    audiences: [options.audience].flat(),
    jwksUrl: keysUrl(options),
    algorithms: options.algorithms ?? ['ES256'],
    leastAssurance: options.leastAssurance,
    timeLimit: options.timeLimit ?? 2,
    // oxlint-disable-next-line core/no-restricted-syntax -- published alone, so there is no other clock to be had
    now: options.now ?? (() => new Date()),
    fetch: options.fetch ?? ((...request) => fetch(...request)),
    onRefreshFailed: options.onRefreshFailed ?? (() => undefined),
  };
}

/** Returns undefined for an unknown value of a later version. */
export function readAssurance(word: unknown): IdentityTokenAssurance | undefined {
  return ASSURANCES.find((known) => known === word);
}

/** Returns false for an unknown `least`, because every assurance would be enough for it. */
export function isAtLeast(
  assurance: IdentityTokenAssurance | undefined,
  least: IdentityTokenAssurance,
): boolean {
  const rank = ASSURANCES.indexOf(least);
  return rank >= 0 && assurance !== undefined && ASSURANCES.indexOf(assurance) >= rank;
}

/** The names and addresses of the local machine (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3). */
const LOCAL = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** @throws TypeError for keys that would come over plain HTTP from another machine */
function keysUrl({ issuer, jwksUrl, allowHttp }: IdentityTokenOptions): string {
  const url = new URL(jwksUrl ?? issuer);
  if (jwksUrl === undefined) url.pathname = `${url.pathname.replace(/\/$/, '')}/.well-known/jwks.json`;
  if (url.protocol === 'http:' && !allowHttp && !LOCAL.test(url.hostname)) {
    throw new TypeError(
      'the keys have to come over https, or an attacker on the way could replace them (allowHttp)',
    );
  }
  return url.href;
}

function isPlainUrl(value: unknown): boolean {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  const saysMore = url && (url.username || url.password || url.search || url.hash);
  return url !== null && !saysMore && ['http:', 'https:'].includes(url.protocol);
}

function isAudience(value: unknown): boolean {
  const audiences: readonly unknown[] = Array.isArray(value) ? value : [value];
  return audiences.length > 0 && audiences.every((one) => typeof one === 'string' && one !== '');
}

function isAlgorithms(value: unknown): boolean {
  const known: readonly unknown[] = ALGORITHMS;
  return Array.isArray(value) && value.length > 0 && value.every((one) => known.includes(one));
}
