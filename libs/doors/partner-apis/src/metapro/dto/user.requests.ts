import { ListOf, Name, ObjectOf, Text } from '@countersign/http';

const DETAIL = { input: 'optional', max: 100, pattern: /\S/ } as const;

/** The details that a person sets. A missing field is removed, because the clients send the whole object. */
export class MetaproDetails {
  @Text('A contact.', 'ada@example.com', { input: 'optional', max: 254 })
  email?: string;

  @Text('Words with single dots or spaces between.', 'Ada L.', { input: 'optional', max: 100 })
  username?: string;

  @Text('About the person.', 'Computes.', { input: 'optional', max: 1_000 })
  bio?: string;

  @Text('An https or ipfs URL.', 'https://example.com/banner.png', { input: 'optional', max: 1_024 })
  banner?: string;

  @Text('An https or ipfs URL.', 'https://example.com/ada.png', { input: 'optional', max: 1_024 })
  avatar?: string;

  @Name('The first name.', 'Ada', DETAIL)
  firstName?: string;

  @Name('The last name.', 'Lovelace', DETAIL)
  lastName?: string;

  @Name('The country.', 'GB', DETAIL)
  country?: string;

  @Name('The date of birth.', '1815-12-10', { ...DETAIL, max: 40 })
  birthDate?: string;
}

class MetaproLinkRequest {
  @Text('What the link is called.', 'Blog', { input: 'optional', max: 32 })
  name?: string;

  @Text('An https URL.', 'https://example.com/ada', { input: 'required', max: 1_024 })
  value: string;
}

export class MetaproUpdateRequest {
  @ObjectOf(
    true,
    'Replaces all details: `email`, `username`, `bio`, `banner`, `avatar`, `firstName`, `lastName`, `country`, `birthDate`.',
    { username: 'ada_lovelace' },
    { input: 'optional' },
  )
  personalDetails?: Record<string, unknown>;

  @ListOf(MetaproLinkRequest, 'The whole list.', { input: 'optional', list: { max: 8 } })
  socialMedia?: MetaproLinkRequest[];
}

class MetaproLookedUpRequest {
  @Text('An address.', '0x9858effd232b4033e47d90003d41ec34ecaeda94', { input: 'required', max: 135 })
  wallet: string;
}

export class MetaproLookUpRequest {
  @ListOf(MetaproLookedUpRequest, 'At most 20.', { input: 'required', list: { max: 20 } })
  addresses: MetaproLookedUpRequest[];
}
