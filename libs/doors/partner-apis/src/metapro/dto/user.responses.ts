import type { Type as Class } from '@nestjs/common';
import { PickType } from '@nestjs/swagger';
import { Count, Flag, Id, Instant, ListOf, Nested, Text } from '@countersign/http';
import { MetaproDetails } from './user.requests';

interface MetaproList<Item> {
  count: number;
  results: readonly Item[];
}

export function MetaproListOf<Item>(
  item: Class<Item>,
  counted = 'How many there are; exact below 10000.',
  listed = 'Those of the page.',
): Class<MetaproList<Item>> {
  class ListResponse implements MetaproList<Item> {
    @Count(counted, 1)
    count: number;

    @ListOf(item, listed)
    results: readonly Item[];
  }
  return ListResponse;
}

class MetaproAddressResponse {
  @Text('An address in lower case.', '0x9858effd232b4033e47d90003d41ec34ecaeda94')
  wallet: string;
}

export class MetaproSocialMediaResponse {
  @Text('What the link is called.', 'Blog')
  name: string;

  @Text('An https URL.', 'https://example.com/ada')
  value: string;
}

class MetaproExternalDataResponse {
  @Text('The id at the platform.', '279058397')
  id: string;

  @Text('The username at the platform.', 'vdkfrost', { optional: true })
  username?: string;
}

export class MetaproExternalAccountResponse {
  @Text('The platform.', 'telegram')
  name: string;

  @Nested(MetaproExternalDataResponse, 'The account there.')
  data: MetaproExternalDataResponse;
}

class MetaproRulesResponse {
  @Flag('Whether the rules are accepted.', true)
  checked: boolean;

  @Instant('When the account was created.')
  updatedAt: string;
}

export class MetaproPublicUserResponse {
  @Id('The account.')
  id: string;

  @Id('The same: the Metapro ID.')
  userId: string;

  @ListOf(MetaproAddressResponse, 'Addresses of the person; of others only the one that was asked for.')
  addresses: readonly MetaproAddressResponse[];

  @ListOf(MetaproSocialMediaResponse, 'Links to other sites.')
  socialMedia: readonly MetaproSocialMediaResponse[];

  @Nested(MetaproDetails, 'What the person has set; what is not there is not set.')
  personalDetails: MetaproDetails;
}

export class MetaproUserResponse extends MetaproPublicUserResponse {
  @Text('Always `user`.', 'user')
  role: string;

  @ListOf(MetaproExternalAccountResponse, 'Other ways in which the person signs in.')
  externalAccounts: readonly MetaproExternalAccountResponse[];

  @Nested(MetaproRulesResponse, 'Of the rules.')
  rulesCheckbox: MetaproRulesResponse;

  @Text('Always empty.', [], { list: {} })
  activities: readonly string[];

  @Instant('When the account was created.')
  createdAt: string;

  @Instant('The same: changes are not dated.')
  updatedAt: string;
}

class MetaproTokenResponse {
  @Text('To be sent as it is in `Authorization`, without a scheme.', 'mp_t1_...')
  accessToken: string;

  @Text('Always `raw`.', 'raw')
  tokenType: string;
}

export class MetaproLoginResponse {
  @Nested(MetaproUserResponse, 'The person.')
  account: MetaproUserResponse;

  @Nested(MetaproTokenResponse, 'The token of the session, which extends itself with each call.')
  token: MetaproTokenResponse;
}

export class MetaproHashResponse {
  @Text('What the wallet signs within five minutes, in the fixed message.', 'AGk3...')
  hash: string;
}

export class MetaproCheckResponse {
  @Flag('Whether the wallet has an account.', true)
  hasAccount: boolean;

  @Flag('Whether its person has accepted the rules of the project.', true)
  hasRulesChecked: boolean;
}

export class MetaproLegacyCheckResponse extends PickType(MetaproCheckResponse, ['hasAccount']) {
  @Flag('Always false: accounts of other platforms are not looked up.', false)
  hasExternalAccount: boolean;

  @Flag('Whether its person has accepted the rules of the project.', true)
  rulesCheckbox: boolean;
}

export class MetaproAvailabilityResponse {
  @Flag('Whether the caller could choose the name now.', true)
  isAvailable: boolean;
}

export class MetaproPublicUsersResponse extends MetaproListOf(MetaproPublicUserResponse) {}
