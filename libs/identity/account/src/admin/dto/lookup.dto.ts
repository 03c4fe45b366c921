import { environments, type Environment, type Provider } from '@countersign/applications';
import { ExactlyOneOf, Id, OneOf, invalidField, Text } from '@countersign/http';
import type { KnownIdentities, KnownOfUser } from '../user-lookups.service';
import { USER_ID } from '../../dto/examples';

const ways = ['telegramId', 'openweb3Id', 'sessionId', 'userId', 'username'];
const DIGITS = /^[1-9]\d{0,18}$/;
type IdentitiesOf = (value: string, environment: Environment | null) => KnownIdentities;
const identitiesBy = new Map([
  ['telegramId', byIdAt('telegram', 'telegramId')],
  ['openweb3Id', byIdAt('openweb3', 'openweb3Id')],
]);
const notDigits = { message: 'must be an id of digits, as text' };

@ExactlyOneOf(...ways)
export class LookUpUsersRequest {
  @Text('An id at Telegram.', '279058397', { input: 'optional', pattern: DIGITS, ...notDigits })
  telegramId?: string;

  @Text('An id at OpenWeb3.', '100027', { input: 'optional', pattern: DIGITS, ...notDigits })
  openweb3Id?: string;

  @OneOf(
    environments,
    'The environment of an id of a platform, `production` by default; of an address, which is looked for in both by default.',
    'production',
    { input: 'optional' },
  )
  environment?: Environment;

  @Id('A session, live or not, as long as it is stored.', '0199a3c6-7f30-7a02-8f44-9d3c0a5b7e21', {
    input: 'optional',
  })
  sessionId?: string;

  @Id('An id of an account, also of one that was merged into another.', USER_ID, { input: 'optional' })
  userId?: string;

  @Text(
    'A username at a platform, without case, with or without `@`. Refused with `user.lookup_off` unless the ' +
      'installation has it switched on.',
    'ada',
    { input: 'optional', pattern: /^@?\S{1,64}$/, message: 'must be a username' },
  )
  username?: string;

  toKnown(): KnownOfUser {
    const { sessionId, userId = '', username, environment } = this;
    const [way = '', ...more] = ways.filter((each) => Reflect.get(this, each) !== undefined);
    const identitiesOf = identitiesBy.get(way);
    if (way === '' || more.length > 0 || (environment !== undefined && !identitiesOf)) {
      const rule = `must have exactly one of ${ways.join(', ')}; environment goes with an id of a platform or an address`;
      throw invalidField('', 'exactly_one', rule);
    }
    if (identitiesOf) return identitiesOf(String(Reflect.get(this, way)), environment ?? null);
    if (username !== undefined) return { username };
    return sessionId === undefined
      ? { userId: userId.toLowerCase() }
      : { sessionId: sessionId.toLowerCase() };
  }
}

function byIdAt(provider: Provider, by: string): IdentitiesOf {
  return (subject, wanted) => {
    const environment = wanted ?? 'production';
    const identities = [{ provider, environment, subject }];
    return { by, environment, digested: [environment, subject], identities };
  };
}

/** Adds a field of the request by which a feature finds identities. */
export function defineLookup(field: string, property: PropertyDecorator, identitiesOf: IdentitiesOf): void {
  // The compiler writes this metadata for a declared field. The API documents read it.
  Reflect.defineMetadata('design:type', String, LookUpUsersRequest.prototype, field);
  property(LookUpUsersRequest.prototype, field);
  ways.push(field);
  identitiesBy.set(field, identitiesOf);
  ExactlyOneOf(...ways)(LookUpUsersRequest);
}

export class FoundUsersResponse {
  @Id(
    'The accounts; none for a value that belongs to none. Of a username the latest holder first, at most 20.',
    [USER_ID],
    { list: {} },
  )
  userIds: readonly string[];
}
