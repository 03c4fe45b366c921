import { Injectable, type CanActivate } from '@nestjs/common';
import { xellarError } from '../xellar.errors';

/** Refuses before the body is read, since clients send a file or what axios makes of it. */
@Injectable()
export class RecoveryRefusedGuard implements CanActivate {
  /** @throws AppError xellar.recovery_refused */
  canActivate(): never {
    throw xellarError('xellar.recovery_refused');
  }
}
