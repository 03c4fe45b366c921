import { Controller, Get, Param, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { GetOnlyGuard, ShapesProblems } from '@countersign/http';
import { VERSION_PATHS } from '../protocol/api-version';
import { toErrorBody } from '../protocol/error-body';
import { XellarRecovery } from './xellar-recovery.service';

/** Recovery files, by the link that came with the secret. */
@Controller(VERSION_PATHS.map((path) => `${path}/account`))
@ApiTags('Wallet')
export class XellarRecoveryFilesController {
  constructor(private readonly recovery: XellarRecovery) {}

  @Get('secret0/:sealed')
  @UseGuards(GetOnlyGuard)
  @ShapesProblems(toErrorBody)
  @ApiOperation({
    operationId: 'xellarRecoveryFile',
    summary: 'Download a recovery file, once',
    security: [],
  })
  @ApiParam({ name: 'sealed', description: 'The last segment of `secret0Link`.', example: 'xf_...' })
  @ApiProduces('application/octet-stream')
  @ApiResponse({
    status: 200,
    description: 'The file.',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  })
  async file(
    @Param('sealed') sealed: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const secret = await this.recovery.download(sealed);
    void reply.headers({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="recovery.xellar"',
    });
    return secret;
  }
}
