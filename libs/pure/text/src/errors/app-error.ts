/** The HTTP layer maps kinds to statuses. Errors do not know HTTP. */
export type ErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'gone'
  | 'too-large'
  | 'unsupported-media-type'
  | 'misdirected'
  | 'impossible'
  | 'rate-limited'
  | 'unavailable'
  | 'internal';

/** How the caller may authenticate, in the terms of the scheme's standard. */
export interface Challenge {
  readonly scheme: 'Basic' | 'Bearer' | 'DPoP';
  /** RFC 6750, section 3.1; RFC 9449, section 7.1. */
  readonly error?: string;
  /** The accepted algorithms of a DPoP proof. */
  readonly algorithms?: readonly string[];
}

export interface ErrorDefinition {
  readonly kind: ErrorKind;
  /** One short sentence for people, the same at every occurrence. */
  readonly title: string;
  /** What the caller can do about it. */
  readonly remedy?: string;
  /** By default `Bearer` for an unauthenticated caller, and none for others. */
  readonly challenge?: Challenge;
  /** The `error` of RFC 6749, section 5.2, if the status does not imply it. */
  readonly oauthCode?: string;
  /** The code for callers whose own account the error is about. */
  readonly codeForSelf?: string;
}

/** A failing field of an input. `code` is the rule in `snake_case`, `detail` a sentence. Never the value. */
export interface FieldError {
  readonly path: string;
  readonly code: string;
  readonly detail: string;
}

export interface AppErrorOptions {
  /** A sentence about this occurrence. It never contains a secret, a token or a personal field. */
  readonly detail?: string;
  readonly fields?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  /** Further members of the problem (RFC 9457, section 3.2): never a personal field. */
  readonly members?: Readonly<Record<string, string>>;
  /** The account that the error is about. It is not sent. */
  readonly userId?: string;
  readonly cause?: unknown;
}

const catalogue = new Map<string, ErrorDefinition>();

/** Registers a feature's errors. Codes are public contract (`feature.snake_case`), and `docs/errors.md` lists them. */
export function defineErrors<const T extends Record<string, ErrorDefinition>>(
  definitions: T,
): (code: keyof T & string, options?: AppErrorOptions) => AppError {
  for (const [code, definition] of Object.entries(definitions)) {
    if (!/^[a-z_0-9]+\.[a-z_0-9]+$/.test(code))
      throw new Error(`error code ${code} is not feature.snake_case`);
    const known = catalogue.get(code);
    if (known && known !== definition) throw new Error(`error code ${code} is defined twice`);
    catalogue.set(code, definition);
  }
  return (code, options) => new AppError(code, definitions[code] as ErrorDefinition, options);
}

/** Undefined for a code that no feature has registered. */
export function errorDefinition(code: string): ErrorDefinition | undefined {
  return catalogue.get(code);
}

let absent: ReadonlySet<string> = new Set();

/** `listErrors` leaves out the errors of these features. @param features the first words of their codes */
export function leaveOutErrors(features: readonly string[]): void {
  absent = new Set(features);
}

/** Sorts the errors by code at each call. For one error, use `errorDefinition`. */
export function listErrors(): readonly (ErrorDefinition & { code: string })[] {
  return [...catalogue]
    .filter(([code]) => !absent.has(code.slice(0, code.indexOf('.'))))
    .map(([code, definition]) => ({ code, ...definition }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** A refusal that the caller may see. All other thrown values are defects. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: string,
    readonly definition: ErrorDefinition,
    readonly options: AppErrorOptions = {},
  ) {
    super(`${code}: ${definition.title}`, { cause: options.cause });
  }

  get kind(): ErrorKind {
    return this.definition.kind;
  }
}
