import type { components, paths } from './generated/api-types.js';

export type Schemas = components['schemas'];

/** The paths that a person may call. They include the public data of other people. */
type Reach =
  | '/v1/me'
  | '/v1/joins'
  | '/v1/openid'
  | '/v1/users'
  | '/v1/teams'
  | '/v1/wallets'
  | '/v1/invitations'
  | '/v1/listings'
  | '/v1/boards';
/** Only servers may call these. A page cannot send scores. */
type OfServers = `/v1/boards/{boardId}/scores${string}`;
export type Path = Exclude<
  Extract<keyof paths, Reach | `${Reach}/${string}` | '/v1/auth/wallets/challenges'>,
  OfServers
>;

type Lower = 'get' | 'post' | 'put' | 'patch' | 'delete';
/** Infers the operation. With an index by method, the compiler would intersect the keys of all paths. */
type Operation<P extends Path, M extends string> =
  paths[P] extends Readonly<Record<Lowercase<M>, infer O>> ? O : never;

/** The HTTP methods of a path, in capitals. */
export type MethodOf<P extends Path> = {
  [M in Lower]: paths[P] extends Record<M, object> ? Uppercase<M> : never;
}[Lower];

type Part<O, Kind extends string> = O extends { parameters: infer All }
  ? Kind extends keyof All
    ? NonNullable<All[Kind]>
    : never
  : never;
type BodyOf<O> = O extends { requestBody?: infer Request } ? JsonIn<NonNullable<Request>> : never;
type JsonIn<Request> = Request extends { content: { 'application/json': infer Body } } ? Body : never;

/** A key that is required if `T` has required members, optional if not, and forbidden if `T` is `never`. */
type Given<Key extends string, T> = [T] extends [never]
  ? Readonly<Partial<Record<Key, never>>>
  : Partial<T> extends T
    ? Readonly<Partial<Record<Key, T>>>
    : Readonly<Record<Key, T>>;

export type Input<P extends Path, M extends MethodOf<P>> = Given<'path', Part<Operation<P, M>, 'path'>> &
  Given<'query', Part<Operation<P, M>, 'query'>> &
  Given<'body', BodyOf<Operation<P, M>>> & {
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal | undefined;
  };

type Answers<O> = O extends { responses: infer All } ? All : never;
type JsonOf<R> = R extends { content: { 'application/json': infer Body } } ? Body : undefined;

type Success<All> = All[keyof All & (200 | 201 | 202 | 204)];

/** The body of the successful answer. It is `undefined` for 204. */
export type Output<P extends Path, M extends MethodOf<P>> = JsonOf<Success<Answers<Operation<P, M>>>>;

/** `call('GET', '/v1/me')`, `call('PATCH', '/v1/teams/{teamId}', { path: { teamId }, body: { name } })`. */
export type Call = <P extends Path, M extends MethodOf<P>>(
  method: M,
  path: P,
  ...input: object extends Input<P, M> ? [input?: Input<P, M>] : [input: Input<P, M>]
) => Promise<Output<P, M>>;

/** A client, or an act from `resumeAct`. */
export interface Caller {
  readonly call: Call;
}
