import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Get, Header, Headers, Param, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { requestError } from '@countersign/http';
import { ConsoleIsOnGuard } from './console-is-on.guard';

const FILES = join(__dirname, '../../../../apps/console');
/** Trusted types refuse markup that a script would make from a text. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const types = new Map([
  ['main.js', 'text/javascript; charset=utf-8'],
  ['style.css', 'text/css; charset=utf-8'],
  ['licences.txt', 'text/plain; charset=utf-8'],
]);

/** Serves the page of the console. The page has no data: it asks the administration API. */
@Controller('console')
@ApiExcludeController()
@UseGuards(ConsoleIsOnGuard)
export class ConsolePageController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  page(): Promise<string> {
    return readFile(join(FILES, 'index.html'), 'utf8');
  }

  @Get('files/:name')
  async file(
    @Param('name') name: string,
    @Headers('accept-encoding') encodings: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const type = types.get(name);
    if (type === undefined) throw requestError('request.route_not_found');
    const isZipped = /\bgzip\b/.test(encodings ?? '');
    const bytes = await readFile(join(FILES, isZipped ? `${name}.gz` : name));
    void reply.headers({ 'content-type': type, vary: 'Accept-Encoding' });
    if (isZipped) void reply.header('content-encoding', 'gzip');
    await reply.send(bytes);
  }
}
