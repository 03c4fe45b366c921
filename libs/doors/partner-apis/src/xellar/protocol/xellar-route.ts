import {
  applyDecorators,
  HttpCode,
  UseGuards,
  type CanActivate,
  type Type,
  createParamDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  AddRouteConfig,
  ChecksCallerFirst,
  Integer,
  type LimitRule,
  Nested,
  type Problem,
  type ShapedProblem,
  Text,
} from '@countersign/http';
import type { FastifyRequest } from 'fastify';
import { XellarClientGuard } from '../clients/xellar-clients';
import { AccessTokenGuard, AddressTokenGuard, WalletTokenGuard } from '../tokens/token.guards';

/** Clients of both versions call the same paths and receive different answers. */
export type XellarVersion = 'v1' | 'v2';

export const ApiVersion = createParamDecorator((_: unknown, context: ExecutionContext): XellarVersion => {
  const { url = '' } = context.switchToHttp().getRequest<FastifyRequest>().routeOptions;
  return url.startsWith('/api/v1/') ? 'v1' : 'v2';
});

/** The clients read `message`. The other members are additions of this service. */
export function toErrorBody(problem: Problem): ShapedProblem {
  const { title, detail, code, status, requestId, errors = [] } = problem;
  const fields = errors.map(({ path, detail: rule }) => `${path} ${rule}`.trim());
  // A general detail begins with the title.
  const said = detail.startsWith(title) ? [detail] : [title, detail];
  const texts = [...said, ...fields].filter((text) => text !== '');
  const sentences = new Set(texts.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)));
  return { status, body: { status, message: [...sentences].join(' '), code, requestId } };
}

interface Envelope<T> {
  readonly status: 200;
  readonly message: string;
  readonly data: T;
}

export type Answer<T> = Promise<Envelope<T>>;

export function enveloped<T>(message: string, data: T): Envelope<T> {
  return { status: 200, message, data };
}

function Enveloped<T>(type: Type<T>): Type<Envelope<T>> {
  class Answer {
    @Integer('As the status of HTTP.', 200)
    status: 200;

    @Text('One sentence.', 'ok')
    message: string;

    @Nested(type, 'The answer.')
    data: T;
  }
  Object.defineProperty(Answer, 'name', { value: `${type.name}Envelope` });
  return Answer;
}

/** Counts refused secrets, proofs and tokens per IP address. */
const REFUSALS: LimitRule = { name: 'xellar-refusals', limit: 120, window: 60 };

interface Access {
  readonly guards: readonly Type<CanActivate>[];
  /** One of the entries is required, with all its members. */
  readonly security: readonly Readonly<Record<string, never[]>>[];
}

const withToken = (name: string): Access['security'] => [
  { clientSecret: [], [name]: [] },
  { appId: [], [name]: [] },
];

const ACCESS = {
  client: { guards: [XellarClientGuard], security: [{ clientSecret: [] }, { appId: [] }] },
  access: { guards: [XellarClientGuard, AccessTokenGuard], security: withToken('accessToken') },
  wallet: { guards: [XellarClientGuard, WalletTokenGuard], security: withToken('walletToken') },
  /** The clients name no application in GET requests. */
  address: { guards: [AddressTokenGuard], security: [{ walletToken: [] }] },
  addressOfClient: { guards: [XellarClientGuard, AddressTokenGuard], security: withToken('walletToken') },
} satisfies Record<string, Access>;

type Rest = [operationId: string, summary: string, answer: Type, body?: Type];

export function XellarRoute(
  by: keyof typeof ACCESS,
  ...[operationId, summary, answer, body]: Rest
): MethodDecorator {
  const { guards, security }: Access = ACCESS[by];
  return applyDecorators(
    HttpCode(200),
    AddRouteConfig({ addressLimit: { rule: REFUSALS, counts: 'refusals' } }),
    ApiOperation({ operationId, summary, security: [...security] }),
    ApiResponse({ status: 200, type: Enveloped(answer), description: 'Done.' }),
    ...(body ? [ApiBody({ type: body })] : []),
    UseGuards(...guards),
    ChecksCallerFirst(),
  );
}

export function WalletRoute(...about: Rest): MethodDecorator {
  return XellarRoute('wallet', ...about);
}
