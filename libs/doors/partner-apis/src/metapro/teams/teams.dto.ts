import { Id, Instant, ListOf, Text } from '@countersign/http';
import { MetaproListOf } from '../dto/user.responses';

const OWL = 'https://example.com/owl.png';

class MetaproMemberResponse {
  @Text('Always empty: wallets of members are not shown.', '')
  address: string;

  @Id('The account.')
  userId: string;
}

export class MetaproTeamResponse {
  @Id('The team.')
  teamId: string;

  @Text('The name.', 'Night Owls')
  name: string;

  @Text('The URL of the logo; empty without one.', OWL)
  logo: string;

  @Text('The URL of the banner; empty without one.', '')
  banner: string;

  @Text('The description; empty without one.', 'We play at night.')
  description: string;

  @Text('The URL of the website; empty without one.', '')
  website: string;

  @Text('https URLs, with spaces between them.', 'https://t.me/night_owls')
  socialMedia: string;

  @Text('The creator; empty without a token.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  createdBy: string;

  @Instant('When it was created.')
  createdAt: string;

  @Instant('When a field was last changed.')
  updatedAt: string;

  @ListOf(MetaproMemberResponse, 'The first 100, for members. In lists: the caller.')
  members: readonly MetaproMemberResponse[];
}

export class MetaproTeamsResponse extends MetaproListOf(MetaproTeamResponse) {}

export class MetaproTeamRequest {
  @Text('2 to 64 characters, unique.', 'Night Owls', { input: 'required', max: 256 })
  name: string;

  @Text('An https URL.', OWL, { input: 'optional', max: 1_024 })
  logo?: string;

  @Text('An https URL.', OWL, { input: 'optional', max: 1_024 })
  banner?: string;

  @Text('1 to 1000 characters.', 'We play at night.', { input: 'optional', max: 8_192 })
  description?: string;

  @Text('An https URL.', 'https://example.com', { input: 'optional', max: 1_024 })
  website?: string;

  @Text('At most 8 https URLs.', 'https://t.me/night_owls', { input: 'optional', max: 8_208 })
  socialMedia?: string;
}
