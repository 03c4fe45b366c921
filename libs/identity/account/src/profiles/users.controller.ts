import { Get, Query } from '@nestjs/common';
import { ApiController, AddRouteConfig, IdInPath, Matching } from '@countersign/http';
import { AuthenticatedViewer, CurrentViewer, type Caller } from './authenticated-viewer';
import { UserResponse } from './dto/profile.response';
import { toUserResponse } from './profile.mapper';
import { ProfilesService } from './profiles.service';
import { USERNAME, USERNAME_RULE } from './fields/username';

class UsernameQuery {
  @Matching('A username; upper case counts as lower case.', 'ada_lovelace', {
    input: 'required',
    pattern: USERNAME,
    message: USERNAME_RULE,
  })
  username: string;
}

@ApiController('v1/users', 'People')
export class UsersController {
  constructor(private readonly profiles: ProfilesService) {}

  @Get()
  @AddRouteConfig({ usernameLimit: true })
  @AuthenticatedViewer('findUser', UserResponse, {
    summary: 'Find a person by their username',
    description:
      'By exactly this username, where the person shows it to the caller. At most 60 calls per minute and person.',
    errors: ['user.not_found'],
  })
  async find(@CurrentViewer() viewer: Caller, @Query() { username }: UsernameQuery): Promise<UserResponse> {
    return toUserResponse(await this.profiles.getByUsername(username, viewer));
  }

  @Get(':userId')
  @AuthenticatedViewer('getUser', UserResponse, {
    summary: 'Get what a person shows',
    description:
      'Public fields, and those shown to applications where the person has used the application of the caller and its ' +
      'settings name the field (`profileNeeds`). The answer for a deactivated, closed or erased account is that for an unknown one.',
  })
  async get(
    @CurrentViewer() viewer: Caller,
    @IdInPath('userId', 'user.not_found', 'The id of the account, or of one that was merged into it.')
    userId: string,
  ): Promise<UserResponse> {
    return toUserResponse(await this.profiles.getShown(userId, viewer));
  }
}
