import { applyDecorators, HttpCode, UseGuards, type CanActivate, type Type } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { AddRouteConfig, ChecksCallerFirst } from '@countersign/http';
import type { LimitRule } from '@countersign/limits';
import { XellarClientGuard } from '../clients/xellar-clients';
import { AccessTokenGuard, AddressTokenGuard, WalletTokenGuard } from '../tokens/token.guards';
import { Enveloped } from './envelope';

/** Of one IP address, whose secrets, proofs or tokens were refused. */
const REFUSALS: LimitRule = { name: 'xellar-refusals', limit: 120, window: 60 };

interface Access {
  readonly guards: readonly Type<CanActivate>[];
  /** All at once, or else one of several. */
  readonly security: readonly Readonly<Record<string, never[]>>[];
}

const withToken = (name: string): Access['security'] => [
  { clientSecret: [], [name]: [] },
  { appId: [], [name]: [] },
];

const ACCESS = {
  /** The headers of an application. */
  client: { guards: [XellarClientGuard], security: [{ clientSecret: [] }, { appId: [] }] },
  /** With a token of a login, too. */
  access: { guards: [XellarClientGuard, AccessTokenGuard], security: withToken('accessToken') },
  wallet: { guards: [XellarClientGuard, WalletTokenGuard], security: withToken('walletToken') },
  /** By GET the clients name no application. */
  address: { guards: [AddressTokenGuard], security: [{ walletToken: [] }] },
  addressOfClient: {
    guards: [XellarClientGuard, AddressTokenGuard],
    security: withToken('walletToken'),
  },
} satisfies Record<string, Access>;

type Rest = [
  operationId: string,
  about: string | { readonly summary: string; readonly description: string },
  answer: Type,
  body?: Type,
];

/** A route of the API of Xellar's clients: its errors, limits, application and document. */
export function XellarRoute(
  by: keyof typeof ACCESS,
  ...[operationId, about, answer, body]: Rest
): MethodDecorator {
  const described = typeof about === 'string' ? { summary: about } : about;
  const { guards, security }: Access = ACCESS[by];
  return applyDecorators(
    HttpCode(200),
    AddRouteConfig({ addressLimit: { rule: REFUSALS, counts: 'refusals' } }),
    ApiOperation({ operationId, ...described, security: [...security] }),
    ApiResponse({ status: 200, type: Enveloped(answer), description: 'Done.' }),
    ...(body ? [ApiBody({ type: body })] : []),
    UseGuards(...guards),
    ChecksCallerFirst(),
  );
}

/** Of a wallet: with a wallet token. */
export function WalletRoute(...about: Rest): MethodDecorator {
  return XellarRoute('wallet', ...about);
}
