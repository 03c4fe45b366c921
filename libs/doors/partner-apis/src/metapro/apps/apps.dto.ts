import { Id, Instant, ListOf, OneOf, Text } from '@countersign/http';
import { listingPlatforms, type ListingPlatform } from '@countersign/teams';
import { MetaproListOf, MetaproSocialMediaResponse } from '../dto/user.responses';

class MetaproAppPlatformResponse {
  @OneOf(listingPlatforms, 'The platform.', 'telegram')
  platform: ListingPlatform;

  @Text('Where it is found there; empty where that is not said.', 'https://t.me/owls_bot/play')
  storeUrl: string;
}

export class MetaproAppResponse {
  @Id('The listing.')
  appId: string;

  @Text('Names the app for programs.', 'night-owls')
  appKey: string;

  @Text('The name.', 'Night Owls')
  name: string;

  @Text('The name of its team; empty without one.', 'Night Owls')
  team: string;

  @Text('The id of its team; empty without one.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  teamId: string;

  @Text('None or one.', ['strategy-games'], { list: {} })
  categories: readonly string[];

  @ListOf(MetaproAppPlatformResponse, 'On which platforms it runs.')
  platform: readonly MetaproAppPlatformResponse[];

  @OneOf(['released'], 'Others are not shown.', 'released')
  status: 'released';

  @Text('Always empty.', [], { list: {} })
  networks: readonly string[];

  @Text('The URLs of the logo and the banner.', ['https://example.com/owl.png'], { list: {} })
  gallery: readonly string[];

  @Text('The description; empty without one.', 'We play at night.')
  description: string;

  @Text('The URL of the website; empty without one.', '')
  website: string;

  @ListOf(MetaproSocialMediaResponse, 'Links to other sites.')
  socialMedia: readonly MetaproSocialMediaResponse[];

  @Instant('When it was created.')
  createdAt: string;

  @Instant('When a field was last changed.')
  updatedAt: string;
}

export class MetaproAppsResponse extends MetaproListOf(MetaproAppResponse) {}
