import { OmitType, PartialType } from '@nestjs/swagger';
import { type FieldOptions, Flag, Id, Instant, ListOf, OneOf, Text, toResponse } from '@countersign/http';
import {
  idTokenAlgorithms,
  type IdTokenAlgorithm,
  type OpenidClientEntity,
} from '../../store/openid.entities';
import type { ClientFields } from '../openid-clients';

type TextOptions = NonNullable<Parameters<typeof Text>[2]>;

const MAX_LENGTH = 200;
const MAX_ITEMS = 20;
const MAX_URL_LENGTH = 2_000;
const SCOPES = ['openid', 'profile'];
const SECRET = 'cs_cs_0J6mW2sY6mQeVYxgkC0c2g';

const NameField = (options?: FieldOptions): PropertyDecorator =>
  Text('The name that people see when they sign in.', 'Grafana', { max: MAX_LENGTH, ...options });
const PublicField = (options?: FieldOptions): PropertyDecorator =>
  Flag('A public client, such as a page or a command, has no secret and needs PKCE.', false, options);
const ThirdPartyField = (options?: FieldOptions): PropertyDecorator =>
  Flag('Of a third party: people agree to what it gets, and `sub` is another one for it.', false, options);
const AlgorithmField = (options?: FieldOptions): PropertyDecorator =>
  OneOf(idTokenAlgorithms, 'The algorithm of its ID tokens.', 'RS256', options);
const ScopesField = (options: TextOptions): PropertyDecorator =>
  Text('What it may ask for: `openid`, `profile`, `phone`, `groups`, `wallets`.', SCOPES, {
    max: MAX_LENGTH,
    ...options,
  });
const UrlsField = (description: string, path: string, options: TextOptions): PropertyDecorator =>
  Text(description, [`https://grafana.example.com${path}`], { max: MAX_URL_LENGTH, ...options });
const RedirectUrlsField = (options: TextOptions): PropertyDecorator =>
  UrlsField(
    'Where browsers return to, exactly. Without one it signs in by the device grant.',
    '/login',
    options,
  );
const AfterLogoutUrlsField = (options: TextOptions): PropertyDecorator =>
  UrlsField('Where browsers go after a logout, exactly.', '/bye', options);
const LogoutUrlField = (options: TextOptions): PropertyDecorator =>
  Text('Where it hears of the end of sessions (back-channel logout).', 'https://grafana.example.com/logout', {
    max: MAX_URL_LENGTH,
    ...options,
  });

const OPTIONAL = { input: 'optional' } as const;
const OPTIONAL_LIST = { ...OPTIONAL, list: { max: MAX_ITEMS, unique: true } } as const;
const LIST = { list: {} } as const;

export class CreateOpenidClientRequest {
  @NameField({ input: 'required' })
  name: string;

  @PublicField({ ...OPTIONAL, default: false })
  isPublic?: boolean;

  @ThirdPartyField({ ...OPTIONAL, default: false })
  isThirdParty?: boolean;

  @AlgorithmField({ ...OPTIONAL, default: 'RS256' })
  algorithm?: IdTokenAlgorithm;

  @ScopesField(OPTIONAL_LIST)
  scopes?: string[];

  @RedirectUrlsField(OPTIONAL_LIST)
  redirectUrls?: string[];

  @AfterLogoutUrlsField(OPTIONAL_LIST)
  afterLogoutUrls?: string[];

  @LogoutUrlField({ input: 'removable' })
  logoutUrl?: string | null;
}

export class ChangeOpenidClientRequest extends PartialType(
  OmitType(CreateOpenidClientRequest, ['isPublic']),
) {}

export class OpenidClientResponse {
  @Id('The `client_id`.')
  clientId: string;

  @NameField()
  name: string;

  @PublicField()
  isPublic: boolean;

  @ThirdPartyField()
  isThirdParty: boolean;

  @AlgorithmField()
  algorithm: IdTokenAlgorithm;

  @ScopesField(LIST)
  scopes: string[];

  @RedirectUrlsField(LIST)
  redirectUrls: string[];

  @AfterLogoutUrlsField(LIST)
  afterLogoutUrls: string[];

  @LogoutUrlField({ nullable: true })
  logoutUrl: string | null;

  @Instant('When it was created.', '2026-11-25T08:00:00.000Z')
  createdAt: string;

  static of(client: OpenidClientEntity): OpenidClientResponse {
    const isPublic = client.secretDigest === null;
    return toResponse(OpenidClientResponse, { ...client, clientId: client.id, isPublic });
  }
}

export class OpenidClientSecretResponse {
  @Text('The secret: it is not shown again.', SECRET)
  clientSecret: string;
}

export class CreatedOpenidClientResponse extends OpenidClientResponse {
  @Text('The secret: it is not shown again. `null` for a public client.', SECRET, { nullable: true })
  clientSecret: string | null;
}

export class OpenidClientsResponse {
  @ListOf(OpenidClientResponse, 'All of them, oldest first.')
  items: readonly OpenidClientResponse[];
}

/** With defaults for what is not named. */
export function fieldsOf(wanted: CreateOpenidClientRequest): ClientFields {
  const { isThirdParty = false, algorithm = 'RS256', logoutUrl = null } = wanted;
  const { name, scopes = SCOPES, redirectUrls = [], afterLogoutUrls = [] } = wanted;
  return { name, isThirdParty, algorithm, scopes, redirectUrls, afterLogoutUrls, logoutUrl };
}
