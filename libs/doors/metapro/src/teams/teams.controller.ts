import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Caller, type Principal } from '@countersign/sessions';
import { MetaproAvailabilityResponse } from '../dto/user.responses';
import { readKnown } from '@countersign/http';
import { MetaproRoute } from '../protocol/metapro-route';
import { inQuery, ofProject, ofSlice } from '../protocol/query-parameters';
import { MetaproTeamRequest, MetaproTeamResponse, MetaproTeamsResponse } from './teams.dto';
import { MetaproTeams } from './teams.service';

@Controller('ms/teams/v1/teams')
@ApiTags('Teams')
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
  @MetaproRoute({ operationId: 'metaproTeams', summary: 'List teams' }, MetaproTeamsResponse, {
    by: 'anyone',
  })
  list(@Query() query: unknown, @Req() { principal }: FastifyRequest): Promise<MetaproTeamsResponse> {
    return this.teams.list(query, principal);
  }

  @Post()
  @ApiBody({ type: MetaproTeamRequest })
  @MetaproRoute({ operationId: 'metaproCreateTeam', summary: 'Create a team' }, MetaproTeamResponse, {
    by: 'session',
  })
  create(@Caller() caller: Principal, @Body() body: unknown): Promise<MetaproTeamResponse> {
    return this.teams.create(caller, readKnown(MetaproTeamRequest, body));
  }

  @Get('availability/:name')
  @MetaproRoute(
    { operationId: 'metaproTeamAvailability', summary: 'Get whether a name of a team is free' },
    MetaproAvailabilityResponse,
    { by: 'session' },
  )
  async availability(
    @Caller() caller: Principal,
    @Param('name') name: string,
  ): Promise<MetaproAvailabilityResponse> {
    return { isAvailable: await this.teams.isAvailable(caller, name) };
  }

  @Get(':teamId')
  @ofProject
  @MetaproRoute({ operationId: 'metaproTeam', summary: 'Get one team' }, MetaproTeamResponse, {
    by: 'anyone',
  })
  get(
    @Param('teamId') teamId: string,
    @Query() query: unknown,
    @Req() { principal }: FastifyRequest,
  ): Promise<MetaproTeamResponse> {
    return this.teams.get(teamId, query, principal);
  }
}
