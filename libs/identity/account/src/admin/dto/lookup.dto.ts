import { environments, type Environment } from '@countersign/applications';
import {
  ExactlyOneOf,
  Flag,
  Id,
  Instant,
  ListOf,
  OneOf,
  invalidField,
  Text,
  toResponse,
} from '@countersign/http';
import type { Found, KnownIdentities, KnownOfUser } from '../user-lookups.service';
import { USER_ID } from './user.dto';

const ways = ['telegramId', 'openweb3Id', 'sessionId', 'userId', 'username'];
const waysOfFeatures = new Map<string, IdentitiesOf>();
const DIGITS = /^[1-9]\d{0,18}$/;
/** `environment` is null for any. @throws AppError request.invalid */
type IdentitiesOf = (value: string, environment: Environment | null) => KnownIdentities;
const notDigits = { message: 'must be an id of digits, as text' };

/** Exactly one of the fields, besides `environment`. */
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

  /** @throws AppError request.invalid unless exactly one is given */
  toKnown(): KnownOfUser {
    const { telegramId, openweb3Id, sessionId, userId, username, environment } = this;
    const [way = '', ...more] = ways.filter((each) => Reflect.get(this, each) !== undefined);
    const identitiesOf = waysOfFeatures.get(way);
    const isOfPlatform = telegramId !== undefined || openweb3Id !== undefined || identitiesOf;
    if (way === '' || more.length > 0 || (environment !== undefined && !isOfPlatform)) throw notExactlyOne();
    if (identitiesOf) return identitiesOf(String(Reflect.get(this, way)), environment ?? null);
    if (username !== undefined) return { username };
    if (telegramId !== undefined) return { telegramId, environment: environment ?? 'production' };
    if (openweb3Id !== undefined) return { openweb3Id, environment: environment ?? 'production' };
    if (sessionId !== undefined) return { sessionId: sessionId.toLowerCase() };
    return { userId: (userId ?? '').toLowerCase() };
  }
}

/** Adds a field by which a feature knows identities. */
export function defineLookup(field: string, property: PropertyDecorator, identitiesOf: IdentitiesOf): void {
  // As the compiler does for a declared field; documents read it.
  Reflect.defineMetadata('design:type', String, LookUpUsersRequest.prototype, field);
  property(LookUpUsersRequest.prototype, field);
  ways.push(field);
  waysOfFeatures.set(field, identitiesOf);
  ExactlyOneOf(...ways)(LookUpUsersRequest);
}

function notExactlyOne(): Error {
  return invalidField(
    '',
    'exactly_one',
    `must have exactly one of ${ways.join(', ')}; environment goes with an id of a platform or an address`,
  );
}

class HolderResponse {
  @Id('The account.', USER_ID)
  userId: string;

  @Instant(
    'The date of the proof that the username is from: the person held it then, and at later sign-ins that changed ' +
      'nothing. Null for a proof without a date.',
    '2026-11-02T09:30:00.000Z',
    { nullable: true },
  )
  heldAt: string | null;
}

export class FoundUsersResponse {
  @Id('The accounts; none for a value that belongs to none.', [USER_ID], { list: {} })
  userIds: readonly string[];

  @ListOf(HolderResponse, 'For a username: the same accounts, the latest holder first, at most 20.', {
    optional: true,
  })
  holders?: readonly HolderResponse[];

  @Flag(
    'For a username: false while the job has not seen all accounts yet, so that a miss may be none.',
    true,
    { optional: true },
  )
  isComplete?: boolean;

  static of({ userIds, byUsername }: Found): FoundUsersResponse {
    if (!byUsername) return { userIds };
    const holders = byUsername.holders.map((holder) => toResponse(HolderResponse, holder));
    return { userIds, holders, isComplete: byUsername.isComplete };
  }
}
