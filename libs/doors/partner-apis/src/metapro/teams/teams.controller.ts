import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Caller, type Principal } from '@countersign/sessions';
import { MetaproAvailabilityResponse } from '../dto/user.responses';
import { ApiController, readKnown } from '@countersign/http';
import { AnyoneRoute, inQuery, ofProject, ofSlice, SessionRoute } from '../protocol/metapro-route';
import { MetaproTeamRequest, MetaproTeamResponse, MetaproTeamsResponse } from './teams.dto';
import { MetaproTeams } from './teams.service';

@ApiController('ms/teams/v1/teams', 'Teams')
export class MetaproTeamsController {
  constructor(private readonly teams: MetaproTeams) {}

  @Get()
  @ofProject
  @inQuery('teamId', 'Only this one.')
  @inQuery('name', 'How names begin; the list is by name then.')
  @inQuery('createdBy', 'Who created them; read with a token only.')
  @inQuery('userId', 'A member, where the caller is one too; read with a token only.')
  @inQuery('address', 'A wallet of a member, likewise.')
  @inQuery('createdAt', '`asc` for the oldest first.')
  @ofSlice
  @AnyoneRoute('metaproTeams', 'List teams', MetaproTeamsResponse)
  list(@Query() query: unknown, @Req() { principal }: FastifyRequest): Promise<MetaproTeamsResponse> {
    return this.teams.list(query, principal);
  }

  @Post()
  @SessionRoute('metaproCreateTeam', 'Create a team', MetaproTeamResponse, { body: MetaproTeamRequest })
  create(@Caller() caller: Principal, @Body() body: unknown): Promise<MetaproTeamResponse> {
    return this.teams.create(caller, readKnown(MetaproTeamRequest, body));
  }

  @Get('availability/:name')
  @SessionRoute('metaproTeamAvailability', 'Get whether a team name is free', MetaproAvailabilityResponse)
  async availability(
    @Caller() caller: Principal,
    @Param('name') name: string,
  ): Promise<MetaproAvailabilityResponse> {
    return { isAvailable: await this.teams.isAvailable(caller, name) };
  }

  @Get(':teamId')
  @ofProject
  @AnyoneRoute('metaproTeam', 'Get one team', MetaproTeamResponse)
  get(
    @Param('teamId') teamId: string,
    @Query() query: unknown,
    @Req() { principal }: FastifyRequest,
  ): Promise<MetaproTeamResponse> {
    return this.teams.get(teamId, query, principal);
  }
}
