import { Injectable, type CanActivate } from '@nestjs/common';
import { Configuration } from '@countersign/runtime';
import { requestError } from '@countersign/http';

/** Without `CONSOLE_URL` there is no console. */
@Injectable()
export class ConsoleIsOnGuard implements CanActivate {
  constructor(private readonly configuration: Configuration) {}

  canActivate(): boolean {
    if (this.configuration.consoleUrl === null) throw requestError('request.route_not_found');
    return true;
  }
}
