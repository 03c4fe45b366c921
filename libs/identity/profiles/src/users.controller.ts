import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AddRouteConfig, Answers, IdInPath, Matching } from '@countersign/http';
import { AuthenticatedViewer, CurrentViewer, type Caller } from './authenticated-viewer';
import { UserResponse, UsernameAvailabilityResponse } from './dto/profile.response';
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

@Controller('v1/users')
@ApiTags('People')
export class UsersController {
  constructor(private readonly profiles: ProfilesService) {}

  @Get()
  @AddRouteConfig({ usernameLimit: true })
  @ApiOperation({
    operationId: 'findUser',
    summary: 'Find a person by their username',
    description:
      'By exactly this username, where the person shows it to the caller. At most 60 calls per minute and person, these ' +
      'and those to `/v1/users/availability`.',
  })
  @AuthenticatedViewer()
  @Answers(UserResponse, { errors: ['user.not_found'] })
  async find(@CurrentViewer() viewer: Caller, @Query() { username }: UsernameQuery): Promise<UserResponse> {
    return toUserResponse(await this.profiles.getByUsername(username, viewer));
  }

  @Get('availability')
  @AddRouteConfig({ usernameLimit: true })
  @ApiOperation({
    operationId: 'getUsernameAvailability',
    summary: 'Get whether a username is free',
    description:
      'It is not while another person has it or one that looks like it, for 30 days after they gave it up, and when it is ' +
      'reserved. The answer is no promise: another person may be faster.',
  })
  @AuthenticatedViewer()
  @Answers(UsernameAvailabilityResponse)
  async availability(
    @CurrentViewer() { userId }: Caller,
    @Query() query: UsernameQuery,
  ): Promise<UsernameAvailabilityResponse> {
    const { username } = query;
    return { username, isAvailable: await this.profiles.isAvailable(username, userId) };
  }

  @Get(':userId')
  @ApiOperation({
    operationId: 'getUser',
    summary: 'Get what a person shows',
    description:
      'Public fields, and those shown to applications where the person has used the application of the caller and its ' +
      'settings name the field (`profileNeeds`). The answer for a deactivated, closed or erased account is that for an unknown one.',
  })
  @AuthenticatedViewer()
  @Answers(UserResponse)
  async get(
    @CurrentViewer() viewer: Caller,
    @IdInPath('userId', 'user.not_found', 'The id of the account, or of one that was merged into it.')
    userId: string,
  ): Promise<UserResponse> {
    return toUserResponse(await this.profiles.getShown(userId, viewer));
  }
}
