import { Get, Param, Query } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { AnyoneRoute, inQuery, ofSlice } from '../protocol/metapro-route';
import { MetaproAppResponse, MetaproAppsResponse } from './apps.dto';
import { MetaproApps } from './apps.service';

@ApiController('ms', 'Apps')
export class MetaproAppsController {
  constructor(private readonly apps: MetaproApps) {}

  @Get('teams/v1/apps')
  @inQuery('name', 'How names begin; the list is by name then.')
  @inQuery('teamId', 'Of one team.')
  @inQuery('categories', 'Of one category.')
  @inQuery('platforms', 'On one platform.')
  @inQuery('sort[createdAt]', '`asc` for the oldest first.')
  @ofSlice
  @AnyoneRoute('metaproApps', 'List the published apps', MetaproAppsResponse)
  list(@Query() query: unknown): Promise<MetaproAppsResponse> {
    return this.apps.list(query);
  }

  @Get('teams/v1/apps/:appId')
  @AnyoneRoute('metaproApp', 'Get one app, by its id', MetaproAppResponse)
  get(@Param('appId') appId: string): Promise<MetaproAppResponse> {
    return this.apps.get(appId);
  }

  @Get('apps/v1/apps/appkey/:appKey')
  @AnyoneRoute('metaproAppByKey', 'Get one app, by its key', MetaproAppResponse)
  getByKey(@Param('appKey') appKey: string): Promise<MetaproAppResponse> {
    return this.apps.get(appKey);
  }
}
