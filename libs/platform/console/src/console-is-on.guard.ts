import { Injectable, type CanActivate } from '@nestjs/common';
import { Configuration } from '@countersign/runtime';
import { requestError } from '@countersign/http';

/** The console exists only if `CONSOLE_URL` is set. */
@Injectable()
export class ConsoleIsOnGuard implements CanActivate {
  constructor(private readonly configuration: Configuration) {}

  canActivate(): boolean {
    if (this.configuration.consoleUrl === null) throw requestError('request.route_not_found');
    return true;
  }
}
