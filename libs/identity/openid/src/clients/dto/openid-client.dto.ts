import { IntersectionType, OmitType, PartialType, PickType } from '@nestjs/swagger';
import { Flag, Id, Instant, ListOf, Name, OneOf, Text, toResponse } from '@countersign/http';
import {
  idTokenAlgorithms,
  type IdTokenAlgorithm,
  type OpenidClientEntity,
} from '../../store/openid.entities';
import type { ClientFields } from '../openid-clients';

const MAX_LENGTH = 200;
const MAX_URL_LENGTH = 2_000;
const ALL_SCOPES = ['openid', 'profile', 'phone', 'groups', 'wallets'];
const SCOPES = ['openid', 'profile'];
const SECRET = 'cs_cs_0J6mW2sY6mQeVYxgkC0c2g';
const LIST = { input: 'required', list: { max: 20, unique: true } } as const;

class OpenidClientFields {
  @Name('The name that people see when they sign in.', 'Grafana', { input: 'required', max: MAX_LENGTH })
  name: string;

  @Flag(
    'Whether the client belongs to a third party: people agree to what such a client gets, and other clients get their scopes without a question. `sub` is different for each client of a third party.',
    false,
    { input: 'required' },
  )
  isThirdParty: boolean;

  @OneOf(idTokenAlgorithms, 'The algorithm of its ID tokens, RS256 by default.', 'RS256', {
    input: 'required',
  })
  algorithm: IdTokenAlgorithm;

  @OneOf(ALL_SCOPES, 'The scopes that the client may ask for.', SCOPES, { name: 'OpenidScope', ...LIST })
  scopes: string[];

  @Text(
    'The addresses that browsers return to, `https://` or `http://` on a loopback address: the owner of such an address ' +
      'receives the sign-ins of all people who use the client. A public client may use any port of a loopback address. ' +
      'Addresses are compared letter by letter, so spell them as browsers send them. A client without an address signs ' +
      'in by the device grant.',
    ['https://grafana.example.com/login'],
    { max: MAX_URL_LENGTH, ...LIST },
  )
  redirectUrls: string[];

  @Text(
    'The addresses that browsers go to after a logout, spelled as browsers send them.',
    ['https://grafana.example.com/bye'],
    {
      max: MAX_URL_LENGTH,
      ...LIST,
    },
  )
  afterLogoutUrls: string[];

  @Text(
    'The address that gets a logout token when a session ends (back-channel logout).',
    'https://grafana.example.com/logout',
    {
      ...{ input: 'required', nullable: true },
      max: MAX_URL_LENGTH,
    },
  )
  logoutUrl: string | null;
}

export class ChangeOpenidClientRequest extends PartialType(OpenidClientFields, {
  skipNullProperties: false,
}) {}

export class CreateOpenidClientRequest extends IntersectionType(
  PickType(OpenidClientFields, ['name']),
  OmitType(ChangeOpenidClientRequest, ['name']),
) {
  @Flag('A public client, such as a page or a command, has no secret and needs PKCE.', false, {
    input: 'optional',
    default: false,
  })
  isPublic?: boolean;
}

export class OpenidClientResponse extends OpenidClientFields {
  @Id('The `client_id`.')
  clientId: string;

  @Flag('Whether it has no secret.', false)
  isPublic: boolean;

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

/** Fills absent fields with defaults. */
export function fieldsOf(wanted: CreateOpenidClientRequest): ClientFields {
  const { isThirdParty = false, algorithm = 'RS256', logoutUrl = null } = wanted;
  const { name, scopes = SCOPES, redirectUrls = [], afterLogoutUrls = [] } = wanted;
  return { name, isThirdParty, algorithm, scopes, redirectUrls, afterLogoutUrls, logoutUrl };
}
