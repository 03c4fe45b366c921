import { Body, Get, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { Caller, type Principal } from '@countersign/sessions';
import type { FastifyRequest } from 'fastify';
import { MetaproNewAddressRequest } from '../dto/login.requests';
import { MetaproLookUpRequest, MetaproUpdateRequest } from '../dto/user.requests';
import {
  MetaproAvailabilityResponse,
  MetaproPublicUserResponse,
  MetaproPublicUsersResponse,
  MetaproUserResponse,
} from '../dto/user.responses';
import { ApiController, readKnown } from '@countersign/http';
import {
  AnyoneRoute,
  inQuery,
  ofProject,
  ofSlice,
  OptionalCaller,
  PublicRoute,
  SessionRoute,
} from '../protocol/metapro-route';
import { USERS_PATHS } from '../sign-in/auth.controller';
import { NewAddresses } from './new-address.service';
import { OwnUser } from './own-user.service';
import { MetaproPeople } from './people.service';

@ApiController(USERS_PATHS, 'Users')
export class MetaproUsersController {
  constructor(
    private readonly own: OwnUser,
    private readonly addresses: NewAddresses,
    private readonly people: MetaproPeople,
  ) {}

  @Get('me')
  @SessionRoute('metaproMe', 'Get the user of the token', MetaproUserResponse)
  me(@Caller() caller: Principal): Promise<MetaproUserResponse> {
    return this.own.describe(caller);
  }

  @Post('v2/auth/web3/new-address')
  @SessionRoute('metaproNewAddress', 'Connect a wallet by a signed hash', MetaproUserResponse, {
    body: MetaproNewAddressRequest,
    headers: ['x-account-wallet', 'x-account-login-hash'],
  })
  addAddress(
    @Caller() caller: Principal,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<MetaproUserResponse> {
    return this.addresses.add(caller, readKnown(MetaproNewAddressRequest, body), request);
  }

  @Patch('update')
  @SessionRoute('metaproUpdate', 'Replace own details', MetaproUserResponse, { body: MetaproUpdateRequest })
  update(@Caller() caller: Principal, @Body() body: unknown): Promise<MetaproUserResponse> {
    return this.own.change(caller, readKnown(MetaproUpdateRequest, body));
  }

  @Get('availability/:userName')
  @SessionRoute('metaproAvailability', 'Get whether a username is free', MetaproAvailabilityResponse)
  async availability(
    @Caller() caller: Principal,
    @Param('userName') userName: string,
  ): Promise<MetaproAvailabilityResponse> {
    return { isAvailable: await this.people.isAvailable(caller, userName) };
  }

  @Get('profile/:account')
  @ofProject
  @AnyoneRoute('metaproProfile', 'Get what a person shows, by id or by wallet', MetaproPublicUserResponse)
  profile(
    @Param('account') account: string,
    @Query() query: unknown,
    @OptionalCaller() caller: Principal | undefined,
  ): Promise<MetaproPublicUserResponse> {
    return this.people.get(account, query, caller);
  }

  @Get('profiles')
  @ofProject
  @inQuery('userIds', 'Ids, at most 20.', true)
  @inQuery('wallets', 'Wallets, at most 20; read with a token of the project only.', true)
  @ofSlice
  @AnyoneRoute('metaproProfiles', 'List what people show, by ids and wallets', MetaproPublicUsersResponse)
  profiles(
    @Query() query: unknown,
    @OptionalCaller() caller: Principal | undefined,
  ): Promise<MetaproPublicUsersResponse> {
    return this.people.list(query, caller);
  }

  @Get('users-search/:searchText')
  @ofProject
  @PublicRoute('metaproSearch', 'Find a person by their public username', [MetaproPublicUserResponse])
  search(
    @Param('searchText') text: string,
    @Query() query: unknown,
  ): Promise<readonly MetaproPublicUserResponse[]> {
    return this.people.search(text, query);
  }

  @Post('internal/users')
  @SessionRoute('metaproLookUp', 'Find people by wallets', [MetaproPublicUserResponse], {
    body: MetaproLookUpRequest,
  })
  lookUp(@Caller() caller: Principal, @Body() body: unknown): Promise<readonly MetaproPublicUserResponse[]> {
    return this.people.lookUp(caller, readKnown(MetaproLookUpRequest, body).addresses);
  }
}
